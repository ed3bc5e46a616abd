import type { Socket } from 'node:net';
import type { Budget } from '../budget.ts';
import { encodeMessage } from './encode.ts';

/** The replies to one peer, one after the other. */
export interface Outbox {
  /**
   * Sends a message, when those before it are gone.
   * @throws Error where the peer goes before it has left
   */
  send(frames: readonly Buffer[]): Promise<void>;
  /** Messages that have not left. */
  readonly length: number;
  /** Fails what has not left. */
  fail(): void;
}

export interface OutboxOptions {
  socket: Socket;
  budget: Budget;
  /** Called when a message has left. */
  onSent(): void;
  /** Called where a peer does not take a message in time. */
  onStalled(): void;
  /** Milliseconds that a message of so many bytes may take. */
  patienceMs(bytes: number): number;
}

interface Waiting {
  pieces: Buffer[];
  bytes: number;
  settle(error?: Error): void;
}

/** Keeps replies itself instead of leaving them to the stream: each gets the time that it takes, however many wait behind it. */
export function createOutbox({ socket, budget, onSent, onStalled, patienceMs }: OutboxOptions): Outbox {
  const waiting: Waiting[] = [];

  function writeNext(): void {
    const next = waiting[0];
    if (next === undefined) return;
    const { pieces, bytes } = next;
    const patience = setTimeout(onStalled, patienceMs(bytes));
    const written = (error?: Error | null) => {
      clearTimeout(patience);
      if (waiting[0] !== next) return;
      waiting.shift();
      next.settle(error ?? undefined);
      onSent();
      writeNext();
    };
    // Together they leave in one call of the system.
    socket.cork();
    for (const [index, piece] of pieces.entries()) socket.write(piece, index < pieces.length - 1 ? undefined : written);
    socket.uncork();
  }

  return {
    send(frames) {
      return new Promise((resolve, reject) => {
        if (!socket.writable) return reject(gone());
        const pieces = encodeMessage(frames);
        const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const release = budget.charge(bytes);
        const settle = (error?: Error) => {
          release();
          if (error) reject(error);
          else resolve();
        };
        if (waiting.push({ pieces, bytes, settle }) === 1) writeNext();
      });
    },
    get length() {
      return waiting.length;
    },
    fail() {
      for (const { settle } of waiting.splice(0)) settle(gone());
    },
  };
}

function gone(): Error {
  return new Error('The peer has gone');
}
