import type { Event, Router } from 'zeromq';
import type { Logger } from '../../log.ts';

/** Counts the connections of the door's socket and logs those that never became a peer, which libzmq drops silently. */
export interface Monitor {
  /** Open connections, those before their handshake included. */
  readonly connections: number;
  /** Notes that the socket has announced a peer. */
  connected(): void;
  /** Notes that the socket has announced that a peer has gone. */
  disconnected(): void;
  close(): void;
}

/**
 * Monitor events and the socket's own messages come by separate ways and name no peer,
 * so their counts are compared once both have been quiet for this long, in milliseconds.
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
  /** Why the connection that closes next failed; empty where the ZAP handler has logged it. */
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const cutOff = (reason: string) => {
    failures += 1;
    if (reason !== '') log.warn({ reason }, 'peer cut off');
  };

  function compare(): void {
    timer = undefined;
    for (; duplicates < handshakes - announced; duplicates += 1) {
      log.warn({ reason: 'routing id already in use by another client' }, 'peer ignored');
    }
    // The rest are ignored peers that have gone.
    const failed = Math.min(unexplained, accepted - handshakes - failures);
    for (let count = 0; count < failed; count += 1) {
      cutOff('no handshake of a REQ, DEALER or ROUTER socket, such as PUB, SUB, PUSH, PULL or HTTP');
    }
    unexplained = Math.min(0, unexplained);
  }

  function settle(): void {
    if (timer === undefined) timer = setTimeout(compare, settleMs).unref();
    else timer.refresh();
  }

  function note(event: Event): void {
    switch (event.type) {
      case 'accept':
        accepted += 1;
        break;
      case 'handshake':
        handshakes += 1;
        settle();
        break;
      case 'handshake:error:auth':
        failure = '';
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
        if (failure === undefined) unexplained += 1;
        else cutOff(failure);
        failure = undefined;
        settle();
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
      return accepted - closed;
    },
    connected() {
      announced += 1;
      settle();
    },
    disconnected() {
      unexplained -= 1;
      settle();
    },
    close() {
      clearTimeout(timer);
      events.close();
    },
  };
}

const protocolFailures: Readonly<Record<string, string>> = {
  ERR_ZMTP_MECHANISM_MISMATCH: 'another security mechanism than the door has: check the CURVE keys',
  ERR_ZMTP_CRYPTOGRAPHIC: 'another public CURVE key of the server',
  ERR_ZMTP_INVALID_METADATA: 'another type of socket than REQ, DEALER or ROUTER',
};
