import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from '../../log.ts';
import { type AddressTest, createAddressCounts } from '../limits/addresses.ts';
import { maxPauseMs } from '../limits/reading-rate.ts';
import { defaultTransferRate } from '../limits/transfer-rate.ts';
import type { HttpDoorOptions } from './door.ts';

/**
 * Stream buffer per request and response, in bytes. With Node.js 24's 65,536, a refused request buffers two such reads.
 */
const highWaterMark = 16_384;

const dropLogIntervalMs = 1000;

/** Creates the server below Fastify, with timeouts and connection limits. */
export function createHttpServer(
  { config, log, isUnlimited }: Pick<HttpDoorOptions, 'config' | 'log' | 'isUnlimited'>,
  listener: RequestListener,
): Server {
  const { maxUploadBytes, timeoutMs, httpConnections, httpConnectionsPerAddress } = config;
  const options = {
    highWaterMark,
    // Node.js would answer without a body; the hook in allowed-hosts.ts checks it.
    requireHostHeader: false,
    // Time for the largest body at the slowest rate.
    requestTimeout: 30_000 + Math.ceil((maxUploadBytes / defaultTransferRate.bytesPerSecond) * 1000),
    // Above the usual 60 s of load balancers, which must close idle connections first.
    keepAliveTimeout: 72_000,
    headersTimeout: 15_000,
    connectionsCheckingInterval: 5_000,
  };
  // A connection is silent while workers are busy, which a request calls at most twice, or while the client
  // reads a full buffer.
  const inactivityTimeoutMs = Math.max(2 * timeoutMs + 10_000, maxPauseMs(defaultTransferRate));
  const server = createServer(options, listener).setTimeout(inactivityTimeoutMs);
  server.maxConnections = httpConnections;
  const logDrop = createDropLog(log);
  server.on('drop', (dropped?: Dropped) => logDrop(dropped?.limit ?? httpConnections, dropped?.remoteAddress));
  limitPerAddress(server, httpConnectionsPerAddress, isUnlimited);
  return server;
}

interface Dropped {
  remoteAddress?: string;
  /** The limit per address, if it caused the drop; Node.js itself enforces only `maxConnections`. */
  limit?: number;
}

function limitPerAddress(server: Server, limit: number, isUnlimited: AddressTest): void {
  const connections = createAddressCounts();
  server.on('connection', (socket) => {
    const { remoteAddress: address } = socket;
    if (address === undefined || isUnlimited(address)) return;
    if (connections.of(address) >= limit) {
      socket.destroy();
      server.emit('drop', { remoteAddress: address, limit } satisfies Dropped);
      return;
    }
    connections.add(address);
    socket.on('close', () => connections.remove(address));
  });
}

type LogDrop = (limit: number, address: string | undefined) => void;

function createDropLog(log: Logger): LogDrop {
  let nextLineAt = 0;
  let dropped = 0;
  return (limit, address) => {
    dropped += 1;
    if (performance.now() < nextLineAt) return;
    log.warn({ limit, dropped, address }, 'connections over the limit closed');
    nextLineAt = performance.now() + dropLogIntervalMs;
    dropped = 0;
  };
}
