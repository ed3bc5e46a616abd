import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from '../../log.ts';
import { type AddressTest, createAddressCounts } from '../limits/addresses.ts';
import { maxPauseMs } from '../limits/reading-rate.ts';
import { defaultTransferRate } from '../limits/transfer-rate.ts';
import type { HttpDoorOptions } from './door.ts';

/** Bytes that wait in a request or its response. Node.js 24 takes 65,536, so that what is refused waits with two reads. */
const highWaterMark = 16_384;

const dropLogIntervalMs = 1000;

/** Server below Fastify, with timeouts and connection limits. */
export function createHttpServer(
  { config, log, isUnlimited }: Pick<HttpDoorOptions, 'config' | 'log' | 'isUnlimited'>,
  listener: RequestListener,
): Server {
  const { maxUploadBytes, timeoutMs, httpConnections, httpConnectionsPerAddress } = config;
  const options = {
    highWaterMark,
    // Node.js would answer without a body; our hook checks it.
    requireHostHeader: false,
    // For the largest body at the slowest rate.
    requestTimeout: 30_000 + Math.ceil((maxUploadBytes / defaultTransferRate.bytesPerSecond) * 1000),
    // Load balancers, commonly at 60 s, must close idle connections first.
    keepAliveTimeout: 72_000,
    headersTimeout: 15_000,
    connectionsCheckingInterval: 5_000,
  };
  // Silent while workers are busy, which a request calls twice at most, or while a full buffer is read.
  const silenceMs = Math.max(2 * timeoutMs + 10_000, maxPauseMs(defaultTransferRate));
  const server = createServer(options, listener).setTimeout(silenceMs);
  server.maxConnections = httpConnections;
  const logDrop = createDropLog(log);
  server.on('drop', (dropped?: Dropped) => logDrop(dropped?.limit ?? httpConnections, dropped?.remoteAddress));
  limitPerAddress(server, httpConnectionsPerAddress, isUnlimited);
  return server;
}

interface Dropped {
  remoteAddress?: string;
  /** Of connections per address, over which Node.js drops none. */
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
