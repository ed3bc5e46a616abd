import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Config } from '../../config.ts';
import type { OperationName, Weight } from '../../contract/operations.ts';
import type { NeededRight } from '../../contract/rights.ts';
import type { Logger } from '../../log.ts';
import type { Access } from '../access/access.ts';
import type { Caller } from '../access/api-keys.ts';
import type { AddressTest } from '../limits/addresses.ts';
import type { ByteBudget } from '../limits/byte-budget.ts';
import type { RateLimiter } from '../limits/rate-limit.ts';
import type { ReadingRateLimits } from '../limits/reading-rate.ts';
import type { ImageService } from '../service/image-service.ts';
import type { OpenRequests, RequestContext } from '../service/request-context.ts';

type Settings =
  | 'maxUploadBytes'
  | 'maxAgeSeconds'
  | 'timeoutMs'
  | 'corsOrigins'
  | 'allowedHosts'
  | 'httpConnections'
  | 'httpConnectionsPerAddress'
  | 'presets'
  | 'publicUrl';

export interface HttpDoorOptions {
  config: Pick<Config, Settings>;
  log: Logger;
  service: ImageService;
  openRequests: OpenRequests;
  access: Access;
  budget: ByteBudget;
  rateLimiter: RateLimiter | undefined;
  /** Matches proxies whose X-Forwarded-For is trusted. */
  isTrustedProxy: AddressTest | undefined;
  /** Matches addresses exempt from the per-address connection limit. */
  isUnlimited: AddressTest;
  /**
   * Rejects a request early.
   * @throws RequestError `overloaded` while the queue is full
   */
  checkQueue(weight: Weight): void;
  isReady(): boolean;
  isDraining(): boolean;
  metrics(): Promise<string>;
  zmqEndpoint: string;
  serviceVersion: string;
  /** Default 16 KiB/s. */
  transferRate?: ReadingRateLimits;
}

export type HttpDoor = Required<HttpDoorOptions>;

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type Route = (app: App, door: HttpDoor) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract operation that the route performs. */
    operation?: OperationName | ((request: FastifyRequest) => OperationName);
    /** Served during shutdown, too. */
    whileDraining?: boolean;
    /** Checks access as for a transformation, even without parameters. */
    alwaysTransforms?: boolean;
    /** Default: the operation's right, else any key. */
    right?: NeededRight;
  }
  interface FastifyRequest {
    context: RequestContext;
    /** Undefined for an unknown key. */
    caller: Caller | undefined;
  }
}
