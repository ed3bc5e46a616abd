import { Reply } from 'zeromq';
import type { Handler } from './handle.ts';

export interface WorkerLane {
  /** Resolves once closed; rejects if the socket fails. */
  done: Promise<void>;
  close(): void;
}

/** @throws Error that names an endpoint it cannot bind */
export async function openLane(endpoint: string, answer: Handler): Promise<WorkerLane> {
  const socket = new Reply({
    // ZMQ_LINGER: unread replies would keep the process alive.
    linger: 0,
    // ZMQ_MAXMSGSIZE: only the gateway connects.
    maxMessageSize: -1,
  });
  try {
    await socket.bind(endpoint);
  } catch (cause) {
    socket.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Expected an endpoint that can be bound but received ${endpoint}: ${reason}`, { cause });
  }
  return { done: serve(socket, answer), close: () => socket.close() };
}

async function serve(socket: Reply, answer: Handler): Promise<void> {
  try {
    while (!socket.closed) {
      const frames = await socket.receive();
      await socket.send(await answer(frames));
    }
  } catch (error) {
    // Closing rejects the pending call.
    if (!socket.closed) throw error;
  }
}
