import { setTimeout as delay } from 'node:timers/promises';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import { backoffMs, healthyMs } from '../backoff.ts';
import type { LaneHost } from '../dispatch/pool.ts';
import type { NodeAddress } from '../nodes/node-address.ts';
import { type Connection, connect } from './connection.ts';
import { createNodeProtocol } from './node-protocol.ts';
import { createPlainProtocol } from './plain-protocol.ts';
import type { Protocol } from './protocol.ts';
import { detectKind, pingFrame } from './upstream-kind.ts';
import { createUpstreamLane } from './upstream-lane.ts';

export interface UpstreamOptions {
  address: NodeAddress;
  /** Secret key of this node in Z85, or empty. */
  curveSecretKey: string;
  /** Per weight. */
  lanes: number;
  dispatcher: { attach(host: LaneHost): void; retire(host: LaneHost): Promise<void> };
  /** Maximum duration of a request, in milliseconds. */
  timeoutMs: number;
  log: Logger;
}

export interface Upstream {
  /** Whether it is taking jobs. */
  isServing(): boolean;
  close(): void;
}

const pingMs = 1000;

/** Reason for closing a lane because another one was lost. */
const reconnecting = 'reconnecting';

/** Time without a lane before the upstream is logged as away. */
const awayMs = 3000;

/** Keeps lanes to another node open, plus a connection for pings, and reconnects each without limit. */
export function startUpstream(options: UpstreamOptions): Upstream {
  const { address, curveSecretKey, lanes, dispatcher, timeoutMs, log } = options;
  const { endpoint: name } = address;
  const nodeLoad = { jobs: 0 };
  const open = new Set<Connection>();
  /** Lanes taking jobs. */
  const attached = new Map<LaneHost, Connection>();
  let isClosed = false;
  let isServing = false;
  let lastConnectError = 'unreachable';
  let awayTimer = setTimeout(onAway, awayMs);

  function onAway(): void {
    log.warn({ upstream: name, reason: lastConnectError }, 'upstream away');
  }

  /** One loss suggests the node is gone: idle lanes reconnect immediately, busy ones after their job. */
  function retireLanes(reason: string): void {
    if (isClosed) return;
    if (isServing) {
      isServing = false;
      log.warn({ upstream: name, reason }, 'upstream lost');
      awayTimer = setTimeout(onAway, awayMs);
    }
    const hosts = [...attached];
    attached.clear();
    for (const [host, connection] of hosts) void dispatcher.retire(host).then(() => connection.close(reconnecting));
  }

  function closeConnections(reason: string): void {
    retireLanes(reason);
    for (const connection of open) connection.close(reason);
  }

  function attachLane(host: LaneHost, connection: Connection, protocol: Protocol): void {
    attached.set(host, connection);
    if (!isServing) {
      isServing = true;
      clearTimeout(awayTimer);
      log.info({ upstream: name, protocol: protocol.name }, 'upstream serves');
    }
    dispatcher.attach(host);
  }

  /** @returns undefined if there is no reply in time, or the node is draining */
  async function negotiate(connection: Connection): Promise<Protocol | undefined> {
    await Promise.race([connection.connected, connection.lost]);
    const timer = setTimeout(() => connection.close('no answer to a ping'), timeoutMs);
    try {
      const kind = detectKind(await connection.exchange([pingFrame()]));
      if (kind === 'draining') return undefined;
      return kind === 'imgwire' ? createNodeProtocol(name, log) : createPlainProtocol();
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async function pingRegularly(connection: Connection, { pingTimeoutMs }: Protocol): Promise<void> {
    if (pingTimeoutMs === undefined) return;
    for (;;) {
      await delay(pingMs, undefined, { ref: false });
      const timer = setTimeout(() => closeConnections('no answer to a ping'), pingTimeoutMs);
      try {
        if (detectKind(await connection.exchange([pingFrame()])) === 'draining') retireLanes('shutting down');
      } catch {
        return retireLanes(await connection.lost);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** @returns how long the connection was usable, in milliseconds */
  async function connectAndUse(use: (connection: Connection, protocol: Protocol) => void): Promise<number> {
    const connection = connect(address, curveSecretKey, (reason) => {
      lastConnectError = reason;
    });
    open.add(connection);
    const protocol = await negotiate(connection);
    const startedAt = performance.now();
    if (protocol === undefined) connection.close('not usable');
    else use(connection, protocol);
    await connection.lost;
    open.delete(connection);
    return protocol === undefined ? 0 : performance.now() - startedAt;
  }

  /** Opens one connection after another, with exponential backoff while they are short-lived. */
  async function keepConnected(use: (connection: Connection, protocol: Protocol) => void): Promise<void> {
    for (let failures = 0; !isClosed; ) {
      const ms = await connectAndUse(use).catch((error) => {
        // For example, no file descriptor left for a socket.
        lastConnectError = String(error);
        return 0;
      });
      failures = ms > healthyMs ? 0 : failures + 1;
      if (failures > 0) await delay(backoffMs(failures), undefined, { ref: false });
    }
  }

  function keepLane(weight: Weight): void {
    void keepConnected((connection, protocol) => {
      const onLost = (reason: string) => {
        attached.delete(host);
        if (reason !== reconnecting) retireLanes(reason);
      };
      const host = createUpstreamLane({ name, weight, connection, protocol, nodeLoad, onLost });
      attachLane(host, connection, protocol);
    });
  }

  for (let lane = 0; lane < lanes; lane += 1) for (const weight of ['heavy', 'light'] as const) keepLane(weight);
  void keepConnected((connection, protocol) => void pingRegularly(connection, protocol));

  return {
    isServing: () => isServing,
    close() {
      isClosed = true;
      clearTimeout(awayTimer);
      for (const connection of open) connection.close('closed');
    },
  };
}
