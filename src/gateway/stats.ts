import { residentBytes } from '../resident-memory.ts';
import type { DiskCache } from './cache/disk.ts';
import type { MemoryCache } from './cache/memory.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { App } from './http/app.ts';
import type { createByteBudgets } from './limits/byte-budget.ts';
import type { DeletionFeed } from './nodes/deletion-feed.ts';
import type { Purger } from './purge/purger.ts';
import type { createImageService } from './service/image-service.ts';
import type { OpenRequests } from './service/request-context.ts';
import type { StatsSource } from './telemetry/stats-source.ts';
import type { startUpstreams } from './upstreams/upstreams.ts';
import type { createSupervisor } from './workers/supervisor.ts';
import type { bindZmqDoor } from './zmq/server.ts';

export interface Parts {
  openRequests: OpenRequests;
  dispatcher: Dispatcher;
  supervisor: Pick<ReturnType<typeof createSupervisor>, 'workers' | 'restarts'>;
  service: Pick<ReturnType<typeof createImageService>, 'lookups'>;
  memory: MemoryCache;
  disk: DiskCache;
  budgets: ReturnType<typeof createByteBudgets>;
  app: App;
  zmq: Pick<Awaited<ReturnType<typeof bindZmqDoor>>, 'stats'>;
  purger: Purger | undefined;
  deletionFeed: Pick<DeletionFeed, 'stats' | 'isCurrent'>;
  upstreams: Pick<ReturnType<typeof startUpstreams>, 'stats'>;
}

/** Reads the stats for monitoring from the parts of the gateway. */
export function createStats(parts: Parts): StatsSource {
  let droppedConnections = 0;
  parts.app.server.on('drop', () => {
    droppedConnections += 1;
  });

  return {
    openRequests: () => parts.openRequests.size,
    queued: () => parts.dispatcher.stats().queued,
    lanes: () => parts.dispatcher.stats().lanes,
    purges: () => parts.purger?.stats(),
    deletionFeed: () => ({ ...parts.deletionFeed.stats(), isCurrent: parts.deletionFeed.isCurrent() }),
    upstreams: () => parts.upstreams.stats(),
    retries: () => parts.dispatcher.stats().retries,
    workerRestarts: () => parts.supervisor.restarts(),
    cacheLookups: () => parts.service.lookups,
    caches: () => ({ memory: parts.memory.stats(), disk: parts.disk.stats() }),
    inflightBytes: () => ({ http: parts.budgets.http.used, zmq: parts.budgets.zmq.used }),
    connections: async () => ({ http: await countConnections(parts.app), zmq: parts.zmq.stats().connections }),
    refusals() {
      const { refused } = parts.dispatcher.stats();
      const { refused: refusedConnections, unread } = parts.zmq.stats();
      return {
        http: {
          queue_full: refused.http,
          bytes_in_flight: parts.budgets.http.refused,
          connection_limit: droppedConnections,
        },
        zmq: {
          queue_full: refused.zmq,
          bytes_in_flight: parts.budgets.zmq.refused,
          connection_limit: refusedConnections,
          unread_replies: unread,
        },
      };
    },
    memory() {
      const resident: Record<string, number> = { gateway: residentBytes() };
      for (const [slot, { memoryBytes }] of parts.supervisor.workers().entries()) {
        // Unknown before the first heartbeat.
        if (memoryBytes > 0) resident[`worker-${slot}`] = memoryBytes;
      }
      return resident;
    },
  };
}

function countConnections({ server }: App): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}
