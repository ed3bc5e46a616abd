import { Request } from 'zeromq';
import type { Weight } from '../../contract/operations.ts';

/** One REQ socket to one REP socket, with at most one request in flight. */
export interface Lane {
  readonly weight: Weight;
  /** Rejects where the lane is closed meanwhile. A lane that failed must not be used again. */
  exchange(frames: Buffer[]): Promise<Buffer[]>;
  close(): void;
}

export function createLane(endpoint: string, weight: Weight): Lane {
  const socket = new Request({
    // A send to an endpoint that is not there would queue and "succeed".
    immediate: true,
    // Unsent messages would keep the process alive after close.
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
