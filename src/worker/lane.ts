import { Reply } from 'zeromq';
import type { Handler } from './handle.ts';

export interface WorkerLane {
  /** Resolves once closed; rejects if the socket fails. */
  done: Promise<void>;
  close(): void;
}

/**
 * Binds a REP socket and serves its requests one at a time.
 * @throws Error that names the endpoint if it cannot be bound
 */
export async function openLane(endpoint: string, handle: Handler): Promise<WorkerLane> {
  const socket = new Reply({
    // ZMQ_LINGER: with the default, unread replies would keep the process alive.
    linger: 0,
    // ZMQ_MAXMSGSIZE: unlimited, as only the gateway connects.
    maxMessageSize: -1,
  });
  try {
    await socket.bind(endpoint);
  } catch (cause) {
    socket.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Expected an endpoint that can be bound but received ${endpoint}: ${reason}`, { cause });
  }
  return { done: serve(socket, handle), close: () => socket.close() };
}

async function serve(socket: Reply, handle: Handler): Promise<void> {
  try {
    while (!socket.closed) {
      const frames = await socket.receive();
      await socket.send(await handle(frames));
    }
  } catch (error) {
    // Closing rejects the pending call.
    if (!socket.closed) throw error;
  }
}
