import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import type { OperationName, RequestOf } from '../../src/contract/operations.ts';
import { type Budget, createBudget } from '../../src/gateway/budget.ts';
import { type App, createHttpDoor, type HttpDoorOptions } from '../../src/gateway/http/app.ts';
import type { Answer, Ask, AskOptions } from '../../src/gateway/requests.ts';
import type { Owner } from '../helpers/service.ts';

export interface Asked extends AskOptions {
  request: RequestOf;
}

export interface TestDoor {
  app: App;
  url: string;
  port: number;
  budget: Budget;
  /** What reached the workers' side. */
  asked: Asked[];
  /** The log, line by line. */
  lines: Record<string, unknown>[];
}

export interface TestDoorOptions extends Partial<Omit<HttpDoorOptions, 'ask' | 'budget' | 'log'>> {
  /** Stands in for the workers. */
  answer?: (asked: Asked) => Promise<Partial<Answer<OperationName>>> | Partial<Answer<OperationName>>;
  budgetBytes?: number;
}

/** A listening door with nothing behind it but a function, and closed after the test. */
export async function openDoor(t: Owner, options: TestDoorOptions = {}): Promise<TestDoor> {
  const { answer = () => ({}), budgetBytes = 1_000_000, ...rest } = options;
  const asked: Asked[] = [];
  const lines: Record<string, unknown>[] = [];
  const output = new PassThrough().on('data', (line) => lines.push(JSON.parse(line)));
  const budget = createBudget(budgetBytes);
  const ask = async (request: RequestOf, askOptions: AskOptions) => {
    const one = { request, ...askOptions };
    asked.push(one);
    return { reply: {}, image: Buffer.alloc(0), ...(await answer(one)) };
  };
  const app = createHttpDoor({
    config: { maxUploadBytes: 100_000, timeoutMs: 5_000, corsOrigins: [], presets: {} },
    log: pino({ level: 'info' }, output),
    ask: ask as Ask,
    askMany: async (image_id, sets, askOptions) => {
      await ask({ operation: 'resize', image_id, variants: [...sets] }, askOptions);
      return [];
    },
    results: {
      keyOf: (imageId) => ({ imageId, text: imageId }),
      recall: () => undefined,
      has: () => false,
      needsWorker: () => true,
    },
    refusal: () => undefined,
    budget,
    isReady: () => true,
    isDraining: () => false,
    version: () => 'v1',
    zmqEndpoint: 'tcp://127.0.0.1:5555',
    serviceVersion: '0.0.0',
    ...rest,
  });
  t.after(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, url, port, budget, asked, lines };
}

export const anyId = 'a'.repeat(64);
