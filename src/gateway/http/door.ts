import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Config } from '../../config.ts';
import type { RequestError } from '../../contract/errors.ts';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { Budget } from '../budget.ts';
import type { Ask, AskMany } from '../requests.ts';
import type { Results } from '../results/results.ts';
import type { ParameterResolver } from './resolve-parameters.ts';

/** What the HTTP door needs of the rest of the gateway. */
export interface HttpDoorOptions {
  config: Pick<Config, 'maxUploadBytes' | 'timeoutMs' | 'corsOrigins' | 'presets'>;
  log: Logger;
  ask: Ask;
  askMany: AskMany;
  /** What is known without asking. */
  results: Pick<Results, 'keyOf' | 'recall' | 'has' | 'needsWorker'>;
  /** What a request for work of this weight would be refused with, were so many let in before it. */
  refusal(weight: Weight, before: number): RequestError | undefined;
  budget: Budget;
  /** Whether a worker answered lately. */
  isReady(): boolean;
  /** Whether the process is on its way out and takes no new work. */
  isDraining(): boolean;
  /** What the workers said of their version, which the bytes of a variant depend on; undefined before the first ping. */
  version(): string | undefined;
  /** Where the ZeroMQ door really listens, for the page and the documents. */
  zmqEndpoint: string;
  /** Version of the service, for the documents. */
  serviceVersion: string;
}

/** What routes are made of. */
export interface HttpDoor extends HttpDoorOptions {
  resolver: ParameterResolver;
}

/** The Fastify instance that routes and plugins are added to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Adds one route, or two that share their handler. */
export type Route = (app: App, door: HttpDoor) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered even while the process is on its way out. */
    whileDraining?: boolean;
  }
}
