import type { Weight } from '../../contract/operations.ts';

type Tier = 'memory' | 'disk';
type DoorName = 'http' | 'zmq';

/** What the parts of the gateway say of themselves when they are asked; counts are since the start. */
export interface Figures {
  openRequests(): number;
  queued(): Record<Weight, number>;
  lanes(): Record<Weight, { free: number; busy: number }>;
  retries(): number;
  upstreams(): { serving: number; away: number };
  /** Of deleted images at shared caches; undefined where there are none to tell. */
  purges(): Readonly<{ waiting: number; done: number; failed: number }> | undefined;
  /** Of deletions at other nodes. */
  deletionFeed(): {
    peers: { heard: number; missing: number };
    deletions: { peer: number; store: number };
    gaps: number;
    isCurrent: boolean;
  };
  workerRestarts(): Readonly<Record<string, number>>;
  cacheLookups(): Readonly<Record<Tier, { hits: number; misses: number }>>;
  caches(): Readonly<Record<Tier, { entries: number; bytes: number }>>;
  inflightBytes(): Record<DoorName, number>;
  connections(): Promise<Record<DoorName, number>>;
  /** By reason. */
  refusals(): Record<DoorName, Record<string, number>>;
  /** Resident bytes by process, without workers that have just started. */
  memory(): Record<string, number>;
}
