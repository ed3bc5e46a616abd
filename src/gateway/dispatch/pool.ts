import type { Weight } from '../../contract/operations.ts';
import type { QueuedJob } from './job.ts';
import type { Lane } from './lane.ts';

/**
 * How a worker ended: on its own (a signal such as SIGSEGV, an exit), by an external signal, or killed by the gateway.
 */
export type Death = 'crash' | 'external' | 'killed';

/** Jobs in flight. */
export interface Load {
  jobs: number;
}

/** Lanes that share a lifetime: those of a worker process, or a single one to another node. */
export interface LaneHost {
  readonly name: string;
  /** Shared by all lanes to the same node; undefined for a worker process. */
  readonly nodeLoad?: Load;
  readonly lanes: readonly Lane[];
  readonly ended: Promise<Death>;
  kill(reason: string): void;
}

/** A lane host in the pool, and its jobs. */
export interface Host {
  readonly laneHost: LaneHost;
  readonly free: Record<Weight, Lane[]>;
  readonly inFlight: Set<QueuedJob>;
  readonly load: Load;
  /** Reserved for, or running, a single job suspected of having crashed a worker. */
  isolated: boolean;
  /** Set once the host takes no more jobs; called when it has none left. */
  onRetired: (() => void) | undefined;
}

export type Pool = ReturnType<typeof createPool>;

/** Creates the set of hosts that jobs are assigned to. */
export function createPool() {
  const hosts = new Set<Host>();

  function leastBusyOf(fits: (host: Host) => boolean): Host | undefined {
    let best: Host | undefined;
    for (const host of hosts) {
      if (host.onRetired === undefined && fits(host) && (best === undefined || host.load.jobs < best.load.jobs))
        best = host;
    }
    return best;
  }

  return {
    add(laneHost: LaneHost): Host {
      const lanesOf = (weight: Weight) => laneHost.lanes.filter((lane) => lane.weight === weight);
      const free = { light: lanesOf('light'), heavy: lanesOf('heavy') };
      const load = laneHost.nodeLoad ?? { jobs: 0 };
      const host: Host = { laneHost, free, inFlight: new Set(), load, isolated: false, onRetired: undefined };
      hosts.add(host);
      return host;
    },
    remove(host: Host): void {
      hosts.delete(host);
      host.load.jobs -= host.inFlight.size;
    },
    assign(host: Host, job: QueuedJob): void {
      host.inFlight.add(job);
      host.load.jobs += 1;
    },
    release(host: Host, job: QueuedJob): void {
      host.inFlight.delete(job);
      if (hosts.has(host)) host.load.jobs -= 1;
    },
    has: (host: Host) => hosts.has(host),
    /** The least busy host that has a free lane of this weight and is not isolated. */
    freeFor: (weight: Weight) => leastBusyOf(({ isolated, free }) => !isolated && free[weight].length > 0),
    leastBusyWorker: () => leastBusyOf(({ laneHost }) => laneHost.nodeLoad === undefined),
    isolated: () => [...hosts].find(({ isolated, onRetired }) => isolated && onRetired === undefined),
    find: (laneHost: LaneHost) => [...hosts].find((host) => host.laneHost === laneHost),
    lanes() {
      const counts = { light: { free: 0, busy: 0 }, heavy: { free: 0, busy: 0 } };
      for (const { laneHost, free, onRetired } of hosts) {
        if (onRetired !== undefined) continue;
        for (const { weight } of laneHost.lanes) counts[weight].busy += 1;
        for (const weight of ['light', 'heavy'] as const) {
          counts[weight].free += free[weight].length;
          counts[weight].busy -= free[weight].length;
        }
      }
      return counts;
    },
  };
}
