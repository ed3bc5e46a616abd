import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { context } from 'zeromq';
import { createClosers } from '../closers.ts';
import type { Config } from '../config.ts';
import { createGc } from '../gc.ts';
import type { Logger } from '../log.ts';
import { createAccess } from './access/access.ts';
import { checkExposure } from './access/exposure.ts';
import { isLoopbackHost } from './access/loopback.ts';
import { openDiskCache } from './cache/disk.ts';
import { createMemoryCache } from './cache/memory.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createHttpDoor } from './http/app.ts';
import { trustedProxyTest, unlimitedAddresses } from './limits/addresses.ts';
import { createByteBudgets } from './limits/byte-budget.ts';
import { warnIfFewDescriptors } from './limits/descriptors.ts';
import { createRateLimiter } from './limits/rate-limit.ts';
import { openDeletionFeed } from './nodes/deletion-feed.ts';
import { deletionBoundMs } from './nodes/deletion-poll.ts';
import { readUpstreams } from './nodes/node-addresses.ts';
import { createPurgeRequestBuilder } from './purge/purge-request.ts';
import { createPurger } from './purge/purger.ts';
import { createImageService } from './service/image-service.ts';
import { createOpenRequests } from './service/request-context.ts';
import { createStats } from './stats.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { startUpstreams } from './upstreams/upstreams.ts';
import { createWorkerHealthCheck, freshMs } from './workers/health-check.ts';
import { createSocketDirectory } from './workers/socket-directory.ts';
import { createSupervisor } from './workers/supervisor.ts';
import { bindZmqDoor } from './zmq/server.ts';

export interface GatewayOptions {
  config: Config;
  workerEntry: string;
  version: string;
  log: Logger;
  /** Aborts the start, closing everything opened so far. Has no effect once started. */
  signal?: AbortSignal;
}

export interface Gateway {
  /** Address of the HTTP door, such as `http://127.0.0.1:8080`. */
  readonly http: string;
  /** Endpoint of the ZeroMQ door, such as `tcp://127.0.0.1:5555`. */
  readonly zmq: string;
  /**
   * Refuses new requests, drains those in flight within the shutdown timeout, and closes. A second call does not wait.
   */
  close(): Promise<void>;
}

/**
 * Listen backlog. With Node's default of 511, clients in larger bursts retry only after a second; the kernel caps it at
 * `net.core.somaxconn`.
 */
const backlog = 4096;

/** Time at shutdown for the last HTTP responses to be read. */
const responseGraceMs = 1000;

/**
 * Composes the gateway: binds the ZeroMQ door, starts the workers, then serves both doors.
 * @throws Error with the reason if it cannot start; any error if the signal is aborted
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, workerEntry, version, log, signal } = options;
  const closers = createClosers();
  let abandoned: Promise<void> | undefined;
  // Closing the parts makes whatever the start is waiting for reject.
  const abandon = () => {
    abandoned = closers.closeAll().catch((err) => log.warn({ err }, 'not all could be closed'));
  };
  signal?.addEventListener('abort', abandon);
  // ZMQ_MAX_SOCKETS: the default of 1,023 suffices for the lanes of 102 workers. Must be set before the first socket.
  context.maxSockets = context.maxSocketsLimit;
  try {
    let draining = false;
    const isDraining = () => draining;
    const gc = createGc();
    const budgets = createByteBudgets(config.inflightBytes, gc.countBytes);
    const metrics = createMetrics(version);
    const tracing = config.tracing
      ? (await import('./telemetry/tracing.ts')).startTracing({ version, log })
      : undefined;
    if (tracing !== undefined) closers.push(tracing.shutdown);
    const openRequests = createOpenRequests(config.timeoutMs, (context) => {
      metrics.requestEnded(context);
      tracing?.requestEnded(context);
    });
    const rateLimiter = createRateLimiter(config.rateLimit);
    const isTrustedProxy = trustedProxyTest(config.trustedProxies);
    const isUnlimited = unlimitedAddresses(config.trustedProxies);

    const access = createAccess(config);
    const upstreamAddresses = readUpstreams(config);
    const buildPurgeRequest = createPurgeRequestBuilder(config.purgeUrl, config.purgeHeader);
    const httpDoor = {
      name: 'HTTP door',
      setting: 'IMGWIRE_HOST',
      value: config.host,
      isLocal: await isLoopbackHost(config.host),
      hasKeys: !access.keys.isEmpty,
      needs: 'keys in IMGWIRE_API_KEYS',
      keygen: 'api',
    } as const;
    checkExposure(httpDoor, config.allowUnauthenticated, log);
    warnIfFewDescriptors(config, log);
    const zmq = await bindZmqDoor({ ...config, access, isUnlimited, backlog, log });
    closers.push(zmq.close);
    const deletionFeed = await openDeletionFeed(config, log);
    closers.push(deletionFeed.close);
    const memory = createMemoryCache(config.cacheMemoryBytes);
    const inUse = () => budgets.http.used + budgets.zmq.used;
    closers.push(gc.startIdleGc(inUse, () => memory.stats().bytes));
    const dispatcher = createDispatcher({ ...config, log, onReply: gc.countFrames });
    closers.push(dispatcher.close);
    const sockets = await createSocketDirectory();
    closers.push(sockets.remove);
    signal?.throwIfAborted();
    const supervisor = createSupervisor({
      count: config.workers,
      entry: workerEntry,
      socketDir: sockets.current,
      memoryLimit: config.workerMemoryBytes,
      dispatcher,
      log,
    });
    closers.push(supervisor.close);
    await supervisor.start();
    const upstreams = startUpstreams({ addresses: upstreamAddresses, config, dispatcher, log });
    closers.push(upstreams.close);

    // Opened after the workers, so that they report an unusable data folder first, as it holds the images.
    const disk = await openDiskCache({ folder: join(config.dataDir, 'cache'), maxBytes: config.cacheDiskBytes, log });
    closers.push(disk.close);
    const purger =
      buildPurgeRequest &&
      createPurger({ buildRequest: buildPurgeRequest, log, repeatAfterMs: repurgeDelayMs(config) });
    if (purger !== undefined) closers.push(purger.close);
    const service = createImageService({
      dispatcher,
      memory,
      disk,
      observe: metrics.stageEnded,
      isCurrent: deletionFeed.isCurrent,
      onDeleted(imageId) {
        deletionFeed.announce(imageId);
        purger?.purge(imageId);
      },
      presets: config.presets,
      version: () => health.version(),
    });
    const ping = async (more: { deletions_after?: string } = {}) => {
      const requestId = `ping-${randomUUID()}`;
      const context = openRequests.open({ requestId, door: 'internal', client: {}, timeoutMs: freshMs });
      try {
        return (await service.perform<'ping'>({ operation: 'ping', ...more }, context)).fields;
      } finally {
        context.close();
      }
    };
    const health = createWorkerHealthCheck(ping);
    closers.push(health.stop);
    signal?.throwIfAborted();
    // Without workers of its own, the start does not wait: upstreams may be away for long.
    if (config.workers > 0) await health.start();
    else void health.start().catch(() => {});
    const { invalidation } = service;
    const { folder } = disk;
    await deletionFeed.start({ invalidation, folder, fetchDeletions: (cursor) => ping({ deletions_after: cursor }) });
    signal?.throwIfAborted();

    zmq.serve({ service, openRequests, rateLimiter, budget: budgets.zmq, isDraining });
    const app = createHttpDoor({
      config,
      log,
      service,
      openRequests,
      rateLimiter,
      isTrustedProxy,
      isUnlimited,
      access,
      checkQueue: (weight) => dispatcher.checkQueue('http', weight),
      budget: budgets.http,
      isReady: health.isFresh,
      isDraining,
      metrics: metrics.text,
      zmqEndpoint: zmq.endpoint,
      serviceVersion: version,
    });
    metrics.watch(
      createStats({
        openRequests,
        dispatcher,
        supervisor,
        service,
        memory,
        disk,
        budgets,
        app,
        zmq,
        purger,
        deletionFeed,
        upstreams,
      }),
    );
    closers.push(async () => {
      // Clients that do not read their response in time are not waited for.
      const limit = setTimeout(() => app.server.closeAllConnections(), responseGraceMs);
      await app.close();
      clearTimeout(limit);
    });
    // Apart from `listen`, which would attribute the failures of plugins to the address.
    await app.ready();
    const { host, port } = config;
    const http = await app.listen({ host, port, backlog }).catch((cause: Error) => {
      const expected = 'Expected an address to listen on in IMGWIRE_HOST and IMGWIRE_PORT';
      throw new Error(`${expected} but received ${host} and ${port}: ${cause.message}`, { cause });
    });
    signal?.throwIfAborted();

    return {
      http,
      zmq: zmq.endpoint,
      async close() {
        if (!draining) {
          draining = true;
          health.stop();
          const idle = new AbortController();
          const limit = delay(config.shutdownTimeoutMs, undefined, { signal: idle.signal }).catch(() => {});
          await Promise.race([openRequests.idle(), limit]);
          idle.abort();
          dispatcher.close();
        }
        await closers.closeAll();
      },
    };
  } catch (error) {
    await abandoned;
    await closers.closeAll().catch((err) => log.warn({ err }, 'not all could be closed'));
    throw error;
  } finally {
    signal?.removeEventListener('abort', abandon);
  }
}

/** Delay of a second purge: by then no other node serves the deleted image, and answers in flight have been sent. */
function repurgeDelayMs({ store, peers, timeoutMs }: Config): number | undefined {
  return store === 's3' || peers.length > 0 ? deletionBoundMs + timeoutMs : undefined;
}
