import type { Event, Router } from 'zeromq';
import type { Logger } from '../../log.ts';

/** Counts the connections of the door's socket and logs those that never became a peer, which libzmq drops silently. */
export interface Monitor {
  /** Open connections, those before their handshake included and refused ones not. */
  readonly connections: number;
  /** Notes that the socket has announced a peer. */
  connected(): void;
  /** Notes that the socket has announced that a peer has gone. */
  disconnected(): void;
  close(): void;
}

/**
 * Monitor events and the socket's own messages come by separate ways and name no peer,
 * so their counts are compared this long after an event, in milliseconds.
 */
const settleMs = 250;

/** Starts reading the monitor events of a socket. It has to be started before the socket is bound. */
export function startMonitor({ events }: Router, log: Logger): Monitor {
  let accepted = 0;
  let closed = 0;
  let handshakes = 0;
  let failures = 0;
  let announced = 0;
  let duplicates = 0;
  /** Closed connections that are neither a peer that has gone nor a failed handshake yet. */
  let unexplained = 0;
  /** Why the connection that closes next failed. */
  let failure: string | undefined;
  /** Connections that were refused and are not closed yet: libzmq leaves that to the client for a while. */
  let refused = 0;
  let isOpen = true;

  const cutOff = (reason: string) => {
    failures += 1;
    log.warn({ reason }, 'peer cut off');
  };

  function findDuplicate(): void {
    if (handshakes - announced <= duplicates) return;
    duplicates += 1;
    log.warn({ reason: 'routing id already in use by another client' }, 'peer ignored');
  }

  function explain(): void {
    if (unexplained <= 0) return;
    unexplained -= 1;
    // Of those that are left, none is before its handshake: an ignored peer has gone.
    if (accepted - handshakes - failures <= 0) return;
    cutOff('no handshake of a REQ, DEALER or ROUTER socket, such as PUB, SUB, PUSH, PULL or HTTP');
  }

  function later(check: () => void): void {
    setTimeout(() => isOpen && check(), settleMs).unref();
  }

  function note(event: Event): void {
    switch (event.type) {
      case 'accept':
        accepted += 1;
        break;
      case 'handshake':
        handshakes += 1;
        later(findDuplicate);
        break;
      case 'handshake:error:auth':
        // The ZAP handler has logged it.
        failures += 1;
        refused += 1;
        break;
      case 'handshake:error:protocol':
        failure = protocolFailures[event.error.code] ?? `handshake failed: ${event.error.code}`;
        break;
      case 'handshake:error:other':
        failure =
          event.error.code === 'EAGAIN'
            ? 'no handshake in time'
            : 'left during the handshake, as clients with other CURVE keys or another mechanism do';
        break;
      case 'disconnect':
        closed += 1;
        if (failure !== undefined) cutOff(failure);
        else if (refused > 0) refused -= 1;
        else {
          unexplained += 1;
          later(explain);
        }
        failure = undefined;
        break;
      case 'accept:error':
        log.error({ err: event.error }, 'connection not accepted');
        break;
    }
  }

  async function readAll(): Promise<void> {
    for await (const event of events) note(event);
  }
  readAll().catch((error) => {
    if (!events.closed) log.error({ err: error }, 'monitor failed');
  });

  return {
    get connections() {
      return accepted - closed - refused;
    },
    connected() {
      announced += 1;
    },
    disconnected() {
      unexplained -= 1;
    },
    close() {
      isOpen = false;
      events.close();
    },
  };
}

const protocolFailures: Readonly<Record<string, string>> = {
  ERR_ZMTP_MECHANISM_MISMATCH: 'another security mechanism than the door has: check the CURVE keys',
  ERR_ZMTP_CRYPTOGRAPHIC: 'another public CURVE key of the server',
  ERR_ZMTP_INVALID_METADATA: 'another type of socket than REQ, DEALER or ROUTER',
};
