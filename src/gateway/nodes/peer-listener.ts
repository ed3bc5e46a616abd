import { Subscriber } from 'zeromq';
import type { Logger } from '../../log.ts';
import { heartbeatMs } from './announcer.ts';
import { maxMessageBytes, parseDeletionMessage } from './deletion-message.ts';
import { curveClientOptions, type NodeAddress } from './node-address.ts';

export interface PeerListenerOptions {
  peer: NodeAddress;
  curveSecretKey: string;
  /** This node's own, which may be among its peers. */
  boot: string | undefined;
  onDeleted(imageId: string): void;
  /** Deletions may have been missed: at the first contact, after a restart of the peer, after a loss of messages. */
  onGap(): void;
  log: Logger;
}

export interface PeerListener {
  /** Whether it has been heard lately. */
  isHeard(): boolean;
  close(): void;
}

/** Without a message for so long, the connection is made anew: a subscriber sends nothing that could fail. */
const silenceMs = 5 * heartbeatMs;

/** Messages that wait here, while this node is frozen. */
const highWaterMark = 10_000;

/** Hears one node's deletions. */
export function listenToPeer({ peer, curveSecretKey, boot, onDeleted, onGap, log }: PeerListenerOptions): PeerListener {
  const curve = curveClientOptions(peer, curveSecretKey);
  const { endpoint } = peer;
  let last: { boot: string; sequence: number } | undefined;
  let isHeard = false;
  let isMissed = false;
  let isClosed = false;
  let socket = open();
  let silence = setTimeout(onSilence, silenceMs);

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
      if (!from.closed) cannotHear(error);
    }
  }

  function cannotHear(err: unknown): void {
    log.error({ err, peer: endpoint }, 'peer cannot be heard');
  }

  function receive(frames: readonly Buffer[]): void {
    const message = parseDeletionMessage(frames);
    if (message === undefined) return;
    silence.refresh();
    if (!isHeard) {
      isHeard = true;
      isMissed = false;
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
    if (!isMissed) log.warn({ peer: endpoint }, 'peer not heard');
    isMissed = true;
    isHeard = false;
    socket.close();
    try {
      socket = open();
    } catch (error) {
      cannotHear(error);
    }
    silence = setTimeout(onSilence, silenceMs);
  }

  return {
    isHeard: () => isHeard,
    close() {
      isClosed = true;
      clearTimeout(silence);
      socket.close();
    },
  };
}
