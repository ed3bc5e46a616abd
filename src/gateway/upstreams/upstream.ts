import { setTimeout as delay } from 'node:timers/promises';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { LaneHost } from '../dispatch/pool.ts';
import type { NodeAddress } from '../nodes/node-address.ts';
import { type Connection, connect } from './connection.ts';
import { kindOf, pingFrame } from './greeting.ts';
import { createNodeProtocol } from './node-protocol.ts';
import { createPlainProtocol } from './plain-protocol.ts';
import type { Protocol } from './protocol.ts';
import { createUpstreamLane } from './upstream-lane.ts';

export interface UpstreamOptions {
  address: NodeAddress;
  /** This node's own in Z85, or empty. */
  curveSecretKey: string;
  /** Of each weight. */
  lanes: number;
  dispatcher: { attach(host: LaneHost): void; retire(host: LaneHost): Promise<void> };
  /** The longest that a request may take, in milliseconds. */
  timeoutMs: number;
  log: Logger;
}

export interface Upstream {
  /** Whether it takes jobs. */
  isServing(): boolean;
  close(): void;
}

const pingMs = 1000;

/** Why a lane is closed after the loss of another. */
const renewed = 'renewed';

/** Before the first lane after a loss is missed in the log. */
const awayMs = 3000;

const firstBackoffMs = 100;
const maxBackoffMs = 5000;
/** After a life this long the next lane is opened at once. */
const healthyMs = 5000;

/** Keeps lanes to another node, beside one for pings; each that is lost is made anew, for ever. */
export function startUpstream(options: UpstreamOptions): Upstream {
  const { address, curveSecretKey, lanes, dispatcher, timeoutMs, log } = options;
  const { endpoint: name } = address;
  const nodeLoad = { jobs: 0 };
  const open = new Set<Connection>();
  /** Those that take jobs. */
  const trusted = new Map<LaneHost, Connection>();
  let isClosed = false;
  let isServing = false;
  let trouble = 'not reached';
  let away = setTimeout(onAway, awayMs);

  function onAway(): void {
    log.warn({ upstream: name, reason: trouble }, 'upstream away');
  }

  /** One loss makes all others likely: lanes without a job begin anew at once, the others once it is done. */
  function distrust(reason: string): void {
    if (isClosed) return;
    if (isServing) {
      isServing = false;
      log.warn({ upstream: name, reason }, 'upstream lost');
      away = setTimeout(onAway, awayMs);
    }
    const hosts = [...trusted];
    trusted.clear();
    for (const [host, connection] of hosts) void dispatcher.retire(host).then(() => connection.close(renewed));
  }

  function drop(reason: string): void {
    distrust(reason);
    for (const connection of open) connection.close(reason);
  }

  function trust(host: LaneHost, connection: Connection, protocol: Protocol): void {
    trusted.set(host, connection);
    if (!isServing) {
      isServing = true;
      clearTimeout(away);
      log.info({ upstream: name, protocol: protocol.name }, 'upstream serves');
    }
    dispatcher.attach(host);
  }

  /** @returns undefined where there is no answer in time, or none that means work */
  async function greet(connection: Connection): Promise<Protocol | undefined> {
    await Promise.race([connection.connected, connection.lost]);
    const limit = setTimeout(() => connection.close('no answer to a ping'), timeoutMs);
    try {
      const kind = kindOf(await connection.exchange([pingFrame()]));
      if (kind === 'draining') return undefined;
      return kind === 'imgwire' ? createNodeProtocol(name, log) : createPlainProtocol();
    } catch {
      return undefined;
    } finally {
      clearTimeout(limit);
    }
  }

  async function watch(connection: Connection, { patienceMs }: Protocol): Promise<void> {
    if (patienceMs === undefined) return;
    for (;;) {
      await delay(pingMs, undefined, { ref: false });
      const limit = setTimeout(() => drop('no answer to a ping'), patienceMs);
      try {
        if (kindOf(await connection.exchange([pingFrame()])) === 'draining') distrust('shutting down');
      } catch {
        return distrust(await connection.lost);
      } finally {
        clearTimeout(limit);
      }
    }
  }

  /** @returns for how long it was of use, in milliseconds */
  async function connectAndUse(use: (connection: Connection, protocol: Protocol) => void): Promise<number> {
    const connection = connect(address, curveSecretKey, (reason) => {
      trouble = reason;
    });
    open.add(connection);
    const protocol = await greet(connection);
    const startedAt = performance.now();
    if (protocol === undefined) connection.close('no use');
    else use(connection, protocol);
    await connection.lost;
    open.delete(connection);
    return protocol === undefined ? 0 : performance.now() - startedAt;
  }

  /** One connection after the other, with exponential backoff while they fail at once. */
  async function keep(use: (connection: Connection, protocol: Protocol) => void): Promise<void> {
    for (let failures = 0; !isClosed; ) {
      const ms = await connectAndUse(use).catch((error) => {
        // Such as no file descriptor left for a socket.
        trouble = String(error);
        return 0;
      });
      const isHealthy = ms > healthyMs;
      failures = isHealthy ? 0 : failures + 1;
      if (isHealthy) continue;
      const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs);
      await delay(backoffMs, undefined, { ref: false });
    }
  }

  function keepLane(weight: Weight): void {
    void keep((connection, protocol) => {
      const onLost = (reason: string) => {
        trusted.delete(host);
        if (reason !== renewed) distrust(reason);
      };
      const host = createUpstreamLane({ name, weight, connection, protocol, nodeLoad, onLost });
      trust(host, connection, protocol);
    });
  }

  for (let lane = 0; lane < lanes; lane += 1) for (const weight of ['heavy', 'light'] as const) keepLane(weight);
  void keep((connection, protocol) => void watch(connection, protocol));

  return {
    isServing: () => isServing,
    close() {
      isClosed = true;
      clearTimeout(away);
      for (const connection of open) connection.close('closed');
    },
  };
}
