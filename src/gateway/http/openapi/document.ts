import { pino } from 'pino';
import { createBudget } from '../budget.ts';
import { createHttpDoor } from './app.ts';

const describedOnly = () => Promise.reject(new Error('This door is only described'));

/** The OpenAPI document of the HTTP door, made from its routes. */
export async function createOpenApiDocument(serviceVersion: string): Promise<object> {
  const app = createHttpDoor({
    config: { maxUploadBytes: 1, timeoutMs: 1, corsOrigins: [], presets: {} },
    log: pino({ level: 'silent' }),
    ask: describedOnly,
    askMany: describedOnly,
    results: {
      keyOf: (imageId) => ({ imageId, text: imageId }),
      recall: () => undefined,
      has: () => false,
      needsWorker: () => true,
    },
    refusal: () => undefined,
    budget: createBudget(0),
    isReady: () => false,
    isDraining: () => false,
    version: () => undefined,
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
