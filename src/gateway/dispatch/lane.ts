import { Request } from 'zeromq';
import type { Weight } from '../../contract/operations.ts';

/** One REQ socket to one REP socket, with at most one request in flight. */
export interface Lane {
  readonly weight: Weight;
  /**
   * Sends a request and waits for its reply.
   * Rejects where the lane is closed meanwhile; it is of no use any more then.
   */
  exchange(frames: Buffer[]): Promise<Buffer[]>;
  close(): void;
}

export function createLane(endpoint: string, weight: Weight): Lane {
  const socket = new Request({
    // A send to an endpoint that is not there would queue and "succeed".
    immediate: true,
    // What is unsent at close is of no use to anyone, and would keep the process alive.
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
