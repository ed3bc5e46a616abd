import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from '../../log.ts';
import type { HttpDoorOptions } from './door.ts';

/** Bytes per second: a quarter of a weak mobile connection. */
const slowestUpload = 131_072;

const dropLogIntervalMs = 1000;

/** Server below Fastify, with timeouts and a connection limit. */
export function createHttpServer(
  { config, log }: Pick<HttpDoorOptions, 'config' | 'log'>,
  listener: RequestListener,
): Server {
  const { maxUploadBytes, timeoutMs, httpConnections } = config;
  const timeouts = {
    requestTimeout: 30_000 + Math.ceil((maxUploadBytes / slowestUpload) * 1000),
    // Load balancers, commonly at 60 s, must close idle connections first.
    keepAliveTimeout: 72_000,
    headersTimeout: 15_000,
    connectionsCheckingInterval: 5_000,
  };
  // Silent while workers are busy: a request calls them twice at most.
  const server = createServer(timeouts, listener).setTimeout(2 * timeoutMs + 10_000);
  server.maxConnections = httpConnections;
  logDrops(server, httpConnections, log);
  return server;
}

function logDrops(server: Server, limit: number, log: Logger): void {
  let nextLineAt = 0;
  let dropped = 0;
  server.on('drop', (connection) => {
    dropped += 1;
    if (performance.now() < nextLineAt) return;
    log.warn({ limit, dropped, address: connection?.remoteAddress }, 'connections over the limit closed');
    nextLineAt = performance.now() + dropLogIntervalMs;
    dropped = 0;
  });
}
