import type { Event, Router } from 'zeromq';
import type { Logger } from '../../log.ts';

/**
 * Delay before counts are compared, in milliseconds: monitor events and peer announcements arrive independently, and do
 * not identify the peer.
 */
const settleMs = 250;

/** Minimum interval between log lines about failing accepts, as when file descriptors run out. */
const acceptLogMs = 1000;

const failures: Readonly<Record<string, string>> = {
  EAGAIN: 'no handshake in time',
  'handshake:error:other':
    'left during the handshake: a socket of another type, or a client with other CURVE keys or another mechanism',
  ERR_ZMTP_MECHANISM_MISMATCH: 'security mechanism mismatch: check the CURVE keys',
  ERR_ZMTP_CRYPTOGRAPHIC: 'wrong public CURVE key of the server',
  ERR_ZMTP_INVALID_METADATA: 'incompatible socket type, such as PUB, SUB, PUSH or PULL: expected REQ, DEALER or ROUTER',
};

/** Logs connections that never become peers, which libzmq drops silently. Start it before binding the socket. */
export function startMonitor({ events }: Router, log: Logger) {
  /** Handshakes neither completed nor logged as failed, including those of closed connections. */
  let handshaking = 0;
  /** Connections refused by the ZAP handler, which libzmq leaves for the client to close. */
  let refused = 0;
  /** Completed handshakes without a peer announcement yet. */
  let unannounced = 0;
  /** Closed connections neither announced as gone nor logged. */
  let unexplained = 0;
  /** Handshake failure of the connection that is about to close. */
  let failure: string | undefined;
  let nextAcceptLogAt = 0;

  function cutOff(reason: string): void {
    handshaking -= 1;
    log.warn({ reason }, 'peer cut off');
  }

  function findDuplicate(): void {
    if (unannounced <= 0) return;
    unannounced -= 1;
    log.warn({ reason: 'routing id already in use by another client' }, 'peer ignored');
  }

  function explain(): void {
    if (unexplained <= 0) return;
    unexplained -= 1;
    // Otherwise it was an ignored peer.
    if (handshaking > 0) cutOff('no handshake of a REQ, DEALER or ROUTER socket, such as PUB, SUB, PUSH, PULL or HTTP');
  }

  function logAcceptError(error: Error): void {
    if (performance.now() < nextAcceptLogAt) return;
    nextAcceptLogAt = performance.now() + acceptLogMs;
    log.error({ err: error }, 'connection not accepted');
  }

  function checkLater(check: () => void): void {
    setTimeout(() => events.closed || check(), settleMs).unref();
  }

  function handleEvent(event: Event): void {
    switch (event.type) {
      case 'accept':
        handshaking += 1;
        break;
      case 'handshake':
        handshaking -= 1;
        unannounced += 1;
        checkLater(findDuplicate);
        break;
      case 'handshake:error:auth':
        // The ZAP handler has logged it.
        handshaking -= 1;
        refused += 1;
        break;
      case 'handshake:error:protocol':
      case 'handshake:error:other':
        failure = failures[event.error.code ?? ''] ?? failures[event.type] ?? `handshake failed: ${event.error.code}`;
        break;
      case 'disconnect':
        if (failure !== undefined) cutOff(failure);
        else if (refused > 0) refused -= 1;
        else {
          unexplained += 1;
          checkLater(explain);
        }
        failure = undefined;
        break;
      case 'accept:error':
        logAcceptError(event.error);
        break;
    }
  }

  async function readAll(): Promise<void> {
    for await (const event of events) handleEvent(event);
  }
  readAll().catch((error) => {
    if (!events.closed) log.error({ err: error }, 'monitor failed');
  });

  return {
    /** Call for each announced peer; `disconnected` for each that has gone. */
    connected() {
      unannounced -= 1;
    },
    disconnected() {
      unexplained -= 1;
    },
    close: () => events.close(),
  };
}
