import type { Weight } from '../../contract/operations.ts';
import type { Death, LaneHost, Load } from '../dispatch/pool.ts';
import type { Connection } from './connection.ts';
import { LaneLost } from './errors.ts';
import type { Protocol } from './protocol.ts';

export interface UpstreamLaneOptions {
  name: string;
  weight: Weight;
  connection: Connection;
  protocol: Protocol;
  nodeLoad: Load;
  /** Called before its job is retried on another lane. */
  onLost(reason: string): void;
}

/** Creates a lane to another node, with the lifetime of its connection. */
export function createUpstreamLane(options: UpstreamLaneOptions): LaneHost {
  const { name, weight, connection, protocol, nodeLoad, onLost } = options;
  const { exchange: send, close, lost } = connection;
  const ended = lost.then((reason): Death => {
    onLost(reason);
    // Never blamed on the job: the node quarantines those that crash its workers.
    return 'external';
  });

  async function exchange(frames: Buffer[]): Promise<Buffer[]> {
    try {
      return await protocol.exchange(frames, send);
    } catch (error) {
      close(error instanceof LaneLost ? error.message : 'lane failed');
      await ended;
      throw error;
    }
  }

  return { name, nodeLoad, lanes: [{ weight, exchange, close: () => close('closed') }], ended, kill: close };
}
