import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import type { LaneRequest } from '../../src/contract/lane.ts';
import { canonicalParameters, type Parameters, pickParameters } from '../../src/contract/parameters.ts';
import { withPreset } from '../../src/contract/presets.ts';
import { resultText } from '../../src/contract/result-key.ts';
import { createAccess } from '../../src/gateway/access/access.ts';
import { originalKey, type ResultKey, variantKey } from '../../src/gateway/cache/key.ts';
import { type App, createHttpDoor, type HttpDoorOptions } from '../../src/gateway/http/app.ts';
import { type ByteBudget, createByteBudget } from '../../src/gateway/limits/byte-budget.ts';
import type { ImageService } from '../../src/gateway/service/image-service.ts';
import {
  createOpenRequests,
  type OpenRequests,
  type RequestContext,
} from '../../src/gateway/service/request-context.ts';
import type { RequestImage } from '../../src/gateway/service/service-reply.ts';
import { closeWith, type Owner } from '../helpers/owner.ts';

/** A call of `service.perform`. */
export interface Performed {
  request: LaneRequest;
  context: RequestContext;
  image: Buffer | undefined;
}

export interface TestDoor {
  app: App;
  url: string;
  port: number;
  budget: ByteBudget;
  openRequests: OpenRequests;
  /** Calls of the service so far. */
  performed: Performed[];
  /** Log lines so far. */
  lines: Record<string, unknown>[];
  /** Waits for a matching log line. */
  waitForLog(matches: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

/** A fake reply with one image. */
interface TestReply {
  fields?: object;
  image?: Buffer;
}

type Config = HttpDoorOptions['config'];

export interface TestDoorOptions extends Partial<Omit<HttpDoorOptions, 'service' | 'budget' | 'log' | 'config'>> {
  config?: Partial<Config>;
  service?: Partial<ImageService>;
  /** Replaces `service.perform`. */
  perform?: (performed: Performed) => Promise<TestReply> | TestReply;
  budgetBytes?: number;
}

/** Opens a listening HTTP door with a fake service, and closes it after the test. */
export async function openDoor(t: Owner, options: TestDoorOptions = {}): Promise<TestDoor> {
  const { perform = (): TestReply => ({}), budgetBytes = 1_000_000, service, config: given, ...rest } = options;
  const performed: Performed[] = [];
  const { log, lines, waitForLog } = createTestLog();
  const budget = createByteBudget(budgetBytes);
  const config: Config = {
    maxUploadBytes: 100_000,
    maxAgeSeconds: 31_536_000,
    timeoutMs: 5_000,
    corsOrigins: [],
    allowedHosts: ['*'],
    httpConnections: 1000,
    httpConnectionsPerAddress: 1000,
    presets: {},
    publicUrl: { base: '', path: '', origin: undefined },
    ...given,
  };
  const openRequests = createOpenRequests(config.timeoutMs);
  const ownKeyOf: ImageService['keyOf'] = (imageId, parameters) =>
    parameters === undefined ? originalKey(imageId) : testKey(imageId, withPreset(parameters, config.presets));
  const keyOf = service?.keyOf ?? ownKeyOf;
  const app = createHttpDoor({
    config,
    log,
    service: {
      perform: (async (request: LaneRequest, context: RequestContext, image?: RequestImage) => {
        const one = { request, context, image: image?.bytes };
        performed.push(one);
        const { fields = {}, image: result = Buffer.alloc(0) } = await perform(one);
        const { image_id: imageId, accept } = request as LaneRequest<'resize'>;
        const key = imageId && keyOf(imageId, pickParameters(request as LaneRequest<'resize'>), accept);
        return { fields, images: [result], key: request.operation === 'resize' ? key : undefined };
      }) as unknown as ImageService['perform'],
      forward: () => Promise.reject(new Error('The HTTP door forwards nothing')),
      keyOf,
      peek: () => undefined,
      has: () => false,
      isInFlight: () => false,
      ...service,
    },
    openRequests,
    rateLimiter: undefined,
    isTrustedProxy: undefined,
    isUnlimited: () => false,
    access: createAccess({ apiKeys: '', signingKeys: '', curveClientKeys: [] }),
    checkQueue() {},
    budget,
    isReady: () => true,
    isDraining: () => false,
    metrics: async () => '',
    zmqEndpoint: 'tcp://127.0.0.1:5555',
    serviceVersion: '0.0.0',
    ...rest,
  });
  closeWith(t, () => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, url, port, budget, openRequests, performed, lines, waitForLog };
}

/** The cache key of a variant for a version of the workers. */
export function testKey(imageId: string, parameters: Parameters, version = 'v1'): ResultKey {
  return variantKey(resultText(imageId, canonicalParameters(parameters), version));
}

export function createTestLog() {
  const lines: Record<string, unknown>[] = [];
  const output = new PassThrough().on('data', (line) => lines.push(JSON.parse(line)));
  return {
    log: pino({ level: 'info' }, output),
    lines,
    waitForLog: async (matches: (line: Record<string, unknown>) => boolean) => {
      for (;;) {
        const line = lines.find(matches);
        if (line !== undefined) return line;
        await new Promise((resolve) => output.once('data', resolve));
      }
    },
  };
}

export const anyId = 'a'.repeat(64);
