import type { Weight } from '../../contract/operations.ts';
import type { LaneHost } from './dispatcher.ts';
import type { Lane } from './lane.ts';
import type { Task } from './task.ts';

/** A worker in use, and what it is working on. */
export interface Host {
  readonly worker: LaneHost;
  readonly free: Record<Weight, Lane[]>;
  readonly inFlight: Set<Task>;
  /** Kept free for, or taken by, the one job that is suspected of having crashed a worker. */
  isolated: boolean;
}

/** The workers in use. */
export interface Pool {
  add(worker: LaneHost): Host;
  remove(host: Host): void;
  has(host: Host): boolean;
  /** The worker with the least to do among those that have a free lane of this weight for anyone. */
  freeFor(weight: Weight): Host | undefined;
  /** How many lanes of this weight are free for anyone. */
  free(weight: Weight): number;
  /** The worker with the least to do, whatever its lanes. */
  leastBusy(): Host | undefined;
  /** The worker that is set aside for a suspect. */
  isolated(): Host | undefined;
}

export function createPool(): Pool {
  const hosts = new Set<Host>();

  function leastBusyOf(fits: (host: Host) => boolean): Host | undefined {
    let best: Host | undefined;
    for (const host of hosts) {
      if (fits(host) && (best === undefined || host.inFlight.size < best.inFlight.size)) best = host;
    }
    return best;
  }

  return {
    add(worker) {
      const lanesOf = (weight: Weight) => worker.lanes.filter((lane) => lane.weight === weight);
      const free = { light: lanesOf('light'), heavy: lanesOf('heavy') };
      const host: Host = { worker, free, inFlight: new Set(), isolated: false };
      hosts.add(host);
      return host;
    },
    remove: (host) => void hosts.delete(host),
    has: (host) => hosts.has(host),
    freeFor: (weight) => leastBusyOf(({ isolated, free }) => !isolated && free[weight].length > 0),
    free(weight) {
      let lanes = 0;
      for (const { isolated, free } of hosts) if (!isolated) lanes += free[weight].length;
      return lanes;
    },
    leastBusy: () => leastBusyOf(() => true),
    isolated: () => [...hosts].find(({ isolated }) => isolated),
  };
}
