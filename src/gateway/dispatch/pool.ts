import type { Weight } from '../../contract/operations.ts';
import type { QueuedJob } from './job.ts';
import type { Lane } from './lane.ts';

/** How a worker ended: of its own (a signal such as SIGSEGV, an exit), by a signal from outside, or killed by the gateway. */
export type Death = 'crash' | 'external' | 'killed';

/** A worker process: lanes that live and die together. */
export interface LaneHost {
  readonly name: string;
  readonly lanes: readonly Lane[];
  readonly ended: Promise<Death>;
  kill(reason: string): void;
}

export interface Host {
  readonly worker: LaneHost;
  readonly free: Record<Weight, Lane[]>;
  readonly inFlight: Set<QueuedJob>;
  /** Reserved for, or running, the one job that is suspected of having crashed a worker. */
  isolated: boolean;
  /** Takes no more jobs; called when it has none left. */
  retired: (() => void) | undefined;
}

/** Creates the set of workers that take jobs. */
export function createPool() {
  const hosts = new Set<Host>();

  function leastBusyOf(fits: (host: Host) => boolean): Host | undefined {
    let best: Host | undefined;
    for (const host of hosts) {
      if (host.retired === undefined && fits(host) && (best === undefined || host.inFlight.size < best.inFlight.size))
        best = host;
    }
    return best;
  }

  return {
    add(worker: LaneHost): Host {
      const lanesOf = (weight: Weight) => worker.lanes.filter((lane) => lane.weight === weight);
      const free = { light: lanesOf('light'), heavy: lanesOf('heavy') };
      const host: Host = { worker, free, inFlight: new Set(), isolated: false, retired: undefined };
      hosts.add(host);
      return host;
    },
    remove: (host: Host) => void hosts.delete(host),
    has: (host: Host) => hosts.has(host),
    /** The least busy of the workers that have a free lane of this weight and are not isolated. */
    freeFor: (weight: Weight) => leastBusyOf(({ isolated, free }) => !isolated && free[weight].length > 0),
    leastBusy: () => leastBusyOf(() => true),
    isolated: () => [...hosts].find(({ isolated, retired }) => isolated && retired === undefined),
    find: (worker: LaneHost) => [...hosts].find((host) => host.worker === worker),
    lanes() {
      const counts = { light: { free: 0, busy: 0 }, heavy: { free: 0, busy: 0 } };
      for (const { worker, free, retired } of hosts) {
        if (retired !== undefined) continue;
        for (const { weight } of worker.lanes) counts[weight].busy += 1;
        for (const weight of ['light', 'heavy'] as const) {
          counts[weight].free += free[weight].length;
          counts[weight].busy -= free[weight].length;
        }
      }
      return counts;
    },
  };
}
