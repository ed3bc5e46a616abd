import { Request } from 'zeromq';
import type { Weight } from '../../contract/operations.ts';

/** A REQ socket connected to one REP socket, with at most one request in flight. */
export interface Lane {
  readonly weight: Weight;
  /** Rejects if the lane is closed in the meantime. A lane that failed must not be reused. */
  exchange(frames: Buffer[]): Promise<Buffer[]>;
  close(): void;
}

/** @throws Error if the socket cannot be opened or connected */
export function createLane(endpoint: string, weight: Weight): Lane {
  const socket = new Request({
    // ZMQ_IMMEDIATE: otherwise a send to a missing endpoint queues and "succeeds".
    immediate: true,
    // ZMQ_LINGER: otherwise unsent messages keep the process alive after close.
    linger: 0,
  });
  socket.connect(endpoint);
  return {
    weight,
    async exchange(frames) {
      await socket.send(frames);
      return socket.receive();
    },
    close: () => socket.close(),
  };
}
