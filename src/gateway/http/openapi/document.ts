import { pino } from 'pino';
import { createAccess } from '../../access/access.ts';
import { createByteBudget } from '../../limits/byte-budget.ts';
import { createOpenRequests } from '../../service/request-context.ts';
import { createHttpDoor } from '../app.ts';

const unavailable = () => Promise.reject(new Error('Not available while generating the document'));

/** Generates the OpenAPI document from the routes, without listening. */
export async function createOpenApiDocument(serviceVersion: string): Promise<object> {
  const app = createHttpDoor({
    config: {
      maxUploadBytes: 1,
      maxAgeSeconds: 31_536_000,
      timeoutMs: 1,
      corsOrigins: [],
      allowedHosts: [],
      httpConnections: 1,
      httpConnectionsPerAddress: 1,
      presets: {},
      publicUrl: { base: '', path: '', origin: undefined },
    },
    log: pino({ level: 'silent' }),
    service: {
      perform: unavailable,
      forward: unavailable,
      keyOf: () => undefined,
      peek: () => undefined,
      has: () => false,
      isInFlight: () => false,
    },
    openRequests: createOpenRequests(1),
    rateLimiter: undefined,
    isTrustedProxy: undefined,
    isUnlimited: () => true,
    access: createAccess({ apiKeys: '', signingKeys: '', curveClientKeys: [] }),
    checkQueue() {},
    budget: createByteBudget(0),
    isReady: () => false,
    isDraining: () => false,
    metrics: unavailable,
    zmqEndpoint: 'tcp://127.0.0.1:5555',
    serviceVersion,
  });
  await app.ready();
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}
