import { Subscriber } from 'zeromq';
import type { Logger } from '../../log.ts';
import { heartbeatMs } from './announcer.ts';
import { maxMessageBytes, parseDeletionMessage } from './deletion-message.ts';
import { curveClientOptions, type NodeAddress } from './node-address.ts';

export interface PeerListenerOptions {
  peer: NodeAddress;
  curveSecretKey: string;
  /** Of this node's own messages, to ignore them: it may be listed among its own peers. */
  boot: string | undefined;
  onDeleted(imageId: string): void;
  /** Called when deletions may have been missed: on first contact, after a restart of the peer, after lost messages. */
  onGap(): void;
  log: Logger;
}

export interface PeerListener {
  /** Whether a message arrived recently. */
  isHeard(): boolean;
  close(): void;
}

/** Silence after which to reconnect: a subscriber sends nothing whose failure would reveal a dead connection. */
const silenceMs = 5 * heartbeatMs;

/** Messages buffered while this process is frozen. */
const highWaterMark = 10_000;

/** Subscribes to the deletions of one node, and reconnects while it is silent. */
export function listenToPeer({ peer, curveSecretKey, boot, onDeleted, onGap, log }: PeerListenerOptions): PeerListener {
  const curve = curveClientOptions(peer, curveSecretKey);
  const { endpoint } = peer;
  let last: { boot: string; sequence: number } | undefined;
  let isHeard = false;
  let isSilenceLogged = false;
  let isClosed = false;
  let socket = open();
  let silenceTimer = setTimeout(onSilence, silenceMs);

  function open(): Subscriber {
    const opened = new Subscriber({
      linger: 0,
      receiveHighWaterMark: highWaterMark,
      maxMessageSize: maxMessageBytes,
      reconnectInterval: 100,
      reconnectMaxInterval: heartbeatMs,
      ipv6: endpoint.includes('['),
      ...curve,
    });
    opened.connect(endpoint);
    opened.subscribe();
    void readAll(opened);
    return opened;
  }

  async function readAll(from: Subscriber): Promise<void> {
    try {
      for await (const frames of from) receive(frames);
    } catch (error) {
      if (!from.closed) logFailure(error);
    }
  }

  function logFailure(err: unknown): void {
    log.error({ err, peer: endpoint }, 'peer cannot be heard');
  }

  function receive(frames: readonly Buffer[]): void {
    const message = parseDeletionMessage(frames);
    if (message === undefined) return;
    silenceTimer.refresh();
    if (!isHeard) {
      isHeard = true;
      isSilenceLogged = false;
      log.info({ peer: endpoint }, 'peer heard');
    }
    if (message.boot === boot) return;
    const { deleted, sequence } = message;
    if (deleted !== undefined) onDeleted(deleted);
    const expected = deleted === undefined ? last?.sequence : (last?.sequence ?? 0) + 1;
    const isGap = last?.boot !== message.boot || sequence !== expected;
    last = { boot: message.boot, sequence };
    if (isGap) {
      log.info({ peer: endpoint }, 'deletions may have been missed');
      onGap();
    }
  }

  function onSilence(): void {
    if (isClosed) return;
    if (!isSilenceLogged) log.warn({ peer: endpoint }, 'peer not heard');
    isSilenceLogged = true;
    isHeard = false;
    socket.close();
    try {
      socket = open();
    } catch (error) {
      logFailure(error);
    }
    silenceTimer = setTimeout(onSilence, silenceMs);
  }

  return {
    isHeard: () => isHeard,
    close() {
      isClosed = true;
      clearTimeout(silenceTimer);
      socket.close();
    },
  };
}
