import type { Socket } from 'node:net';
import type { Logger } from '../../log.ts';
import type { Budget } from '../budget.ts';
import { createHandshake } from './handshake.ts';
import { createOutbox } from './outbox.ts';
import { createReader, PeerError } from './reader.ts';

/** A client of the ZeroMQ door. */
export interface Peer {
  /**
   * Sends it a message; resolves when it has left.
   * @throws Error where the peer has gone
   */
  send(frames: readonly Buffer[]): Promise<void>;
}

export interface PeerOptions {
  socket: Socket;
  /** Largest message of a peer, in bytes. */
  maxMessageBytes: number;
  /** What is announced of a message counts as soon as it is: a peer that would go over it is not read on until there is room. */
  budget: Budget;
  receive(frames: Buffer[], peer: Peer): void;
  log: Logger;
}

/** From connecting to the end of the handshake, in milliseconds. */
const handshakeMs = 5000;

/** A message that has begun has to go on, and a peer to which replies are sent to read, within this time, in milliseconds. */
const stalledMs = 30_000;

/** Slowest peer that is waited for, in bytes a second: as with uploads over HTTP. */
const slowestPeer = 131_072;

/** A peer with as many replies unread is not read on: what it asks for now, nobody would take. */
const maxUnread = 16;

/** Peers that have vanished without a word are noticed by the kernel; it asks after this time, in milliseconds. */
const keepAliveMs = 15_000;

const patienceMs = (bytes: number) => stalledMs + (bytes / slowestPeer) * 1000;

/** Serves one connection, and cuts it off where the peer does not keep to the protocol, the limits or the time. */
export function servePeer({ socket, maxMessageBytes, budget, receive, log }: PeerOptions): void {
  const address = socket.remoteAddress;
  /** Runs while the peer owes something: its greeting, the rest of a message. */
  let owed: NodeJS.Timeout | undefined;
  let hasRoom = true;
  let claimed = 0;
  let release = () => {};

  const cut = (reason: string) => {
    if (!socket.destroyed) log.warn({ peer: address, reason }, 'peer cut off');
    socket.destroy();
  };
  const limit = (milliseconds: number, reason: string) => setTimeout(() => cut(reason), milliseconds);

  function claim(bytes: number): void {
    if (bytes === claimed) return;
    release();
    release = bytes === 0 ? () => {} : budget.charge(bytes);
    claimed = bytes;
  }

  function readOn(): void {
    const may = hasRoom && outbox.length < maxUnread;
    if (may === !socket.isPaused()) return;
    if (may) socket.resume();
    else socket.pause();
  }

  /** Reads on when what is announced has room. */
  function admit(): void {
    if (socket.destroyed) return;
    const more = reader.unfinished - claimed;
    hasRoom = more <= 0 || budget.hasRoom(more);
    if (hasRoom) claim(reader.unfinished);
    // Not within the call that gives the room back: whoever gave it back has the first use of it.
    else budget.onceFreed(() => setImmediate(admit));
    readOn();
  }

  const outbox = createOutbox({
    socket,
    budget,
    patienceMs,
    onSent: readOn,
    onStalled: () => cut('replies that are not read'),
  });
  const peer: Peer = { send: outbox.send };
  const handshake = createHandshake((bytes) => socket.write(bytes));
  const reader = createReader(maxMessageBytes, {
    version: handshake.version,
    greeting: handshake.greeting,
    command: handshake.command,
    message(frames) {
      claim(0);
      if (!handshake.takes()) receive(frames, peer);
    },
  });
  const isSettled = () => reader.isWhole && handshake.isDone;

  function read(chunk: Buffer): void {
    const wasSettled = isSettled();
    reader.read(chunk);
    if (isSettled()) clearTimeout(owed);
    else if (wasSettled) owed = limit(patienceMs(maxMessageBytes), 'a message that does not end');
  }

  socket.setKeepAlive(true, keepAliveMs);
  owed = limit(handshakeMs, 'no handshake in time');
  socket.on('data', (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      return cut(error.message);
    }
    admit();
  });
  socket.on('close', () => {
    clearTimeout(owed);
    claim(0);
    outbox.fail();
  });
  socket.on('error', (error) => log.debug({ peer: address, err: error }, 'peer failed'));
}
