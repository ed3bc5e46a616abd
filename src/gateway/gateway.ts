import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCollector } from '../collector.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { backlog } from './backlog.ts';
import { createBudgets } from './budget.ts';
import { createDispatcher, type Job } from './dispatch/dispatcher.ts';
import { createSupervisor } from './dispatch/supervisor.ts';
import { createHttpDoor } from './http/app.ts';
import { createPulse } from './pulse.ts';
import { startRelief } from './relief.ts';
import { createAsk } from './requests.ts';
import { openDiskCache } from './results/disk.ts';
import { createMemoryCache } from './results/memory.ts';
import { createResults } from './results/results.ts';
import { createServe } from './results/serve.ts';
import { createSocketDir } from './socket-dir.ts';
import { openZmqDoor } from './zmq/door.ts';

export interface GatewayOptions {
  config: Config;
  /** The file that a worker process runs. */
  workerEntry: string;
  /** Version of the service. */
  version: string;
  log: Logger;
}

export interface Gateway {
  /** Where the HTTP door really listens, such as `http://127.0.0.1:8080`. */
  readonly http: string;
  /** Where the ZeroMQ door really listens. */
  readonly zmq: string;
  /**
   * Refuses new requests, lets those in flight end, for the shutdown time at most, and closes everything.
   * Called again, it waits for nothing any more.
   */
  close(): Promise<void>;
}

/** Milliseconds that the last answers get to leave through the HTTP door. */
const lastAnswersMs = 1000;

/** Starts the workers, then the doors. */
export async function startGateway({ config, workerEntry, version, log }: GatewayOptions): Promise<Gateway> {
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  };
  try {
    const { timeoutMs, maxUploadBytes, inflightBytes, queueLimit } = config;
    let draining = false;
    const isDraining = () => draining;
    const budgets = createBudgets(inflightBytes);
    const collector = createCollector();
    closers.push(startRelief(collector, () => budgets.http.used + budgets.zmq.used));
    const bare = createDispatcher({ queueLimit, timeoutMs, log });
    const dispatch = async (job: Job) => {
      const frames = await bare.dispatch(job);
      collector.passed(frames);
      return frames;
    };
    const dispatcher = { ...bare, dispatch };

    const sockets = createSocketDir();
    closers.push(sockets.remove);
    const supervisor = createSupervisor({
      count: config.workers,
      entry: workerEntry,
      socketDir: sockets.path,
      dispatcher,
      log,
    });
    closers.push(supervisor.close);
    await supervisor.start();
    // The folder of the data is the workers' to make, and to complain about.
    const disk = await openDiskCache({ folder: join(config.dataDir, 'cache'), maxBytes: config.cacheDiskBytes, log });
    closers.push(disk.close);
    const results = createResults({
      presets: config.presets,
      dispatcher,
      memory: createMemoryCache(config.cacheMemoryBytes),
      disk,
      version: () => pulse.version(),
    });
    const { ask, askMany } = createAsk({ dispatcher, results, timeoutMs });
    const pulse = createPulse(ask);
    closers.push(pulse.stop);
    await pulse.start();

    const zmq = await openZmqDoor({
      endpoint: config.zmqEndpoint,
      serve: createServe(dispatcher, results),
      budget: budgets.zmq,
      maxUploadBytes,
      timeoutMs,
      isDraining,
      log,
    });
    closers.push(zmq.close);
    const app = await createHttpDoor({
      config,
      log,
      ask,
      askMany,
      results,
      refusal: (weight, before) => dispatcher.refusal('http', weight, before),
      budget: budgets.http,
      isReady: pulse.isFresh,
      isDraining,
      version: pulse.version,
      zmqEndpoint: zmq.endpoint,
      serviceVersion: version,
    });
    closers.push(async () => {
      // Whoever does not fetch its answer now is not waited for.
      const rest = setTimeout(() => app.server.closeAllConnections(), lastAnswersMs);
      await app.close();
      clearTimeout(rest);
    });
    const http = await app.listen({ host: config.host, port: config.port, backlog });

    return {
      http,
      zmq: zmq.endpoint,
      async close() {
        if (!draining) {
          draining = true;
          const givenUp = new AbortController();
          const limit = delay(config.shutdownTimeoutMs, undefined, { signal: givenUp.signal }).catch(() => {});
          await Promise.race([dispatcher.idle(), limit]);
          givenUp.abort();
          dispatcher.close();
        }
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
