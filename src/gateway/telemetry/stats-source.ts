import type { Weight } from '../../contract/operations.ts';

type Tier = 'memory' | 'disk';
type DoorName = 'http' | 'zmq';

/** Live state and counters of the gateway, read at each scrape. Counters run since the start. */
export interface StatsSource {
  openRequests(): number;
  queued(): Record<Weight, number>;
  lanes(): Record<Weight, { free: number; busy: number }>;
  retries(): number;
  upstreams(): { serving: number; away: number };
  /** Purges of deleted images from the shared cache; undefined without one. */
  purges(): Readonly<{ waiting: number; done: number; failed: number }> | undefined;
  /** State of the feed of deletions at other nodes. */
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
  /** Counts by reason. */
  refusals(): Record<DoorName, Record<string, number>>;
  /** Resident bytes by process; omits workers that have only just started. */
  memory(): Record<string, number>;
}
