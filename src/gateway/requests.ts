import { errorOf, parseJson } from '../contract/messages.ts';
import {
  type ErrorReply,
  type OperationName,
  type OperationReply,
  operations,
  type RequestOf,
} from '../contract/operations.ts';
import type { Parameters } from '../contract/parameters.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import { inputOf } from './input.ts';
import type { Caller } from './results/flights.ts';
import type { Result } from './results/result.ts';
import { isStored, type Results } from './results/results.ts';
import type { Times } from './times.ts';

export interface AskOptions {
  /** Image that goes with the request; not to be changed afterwards. */
  image?: Buffer;
  requestId: string;
  /** Aborted when the caller has gone. */
  signal?: AbortSignal;
  /** Gets the time that the request waited and that its worker took. */
  times?: Times;
}

export interface Answer<N extends OperationName> {
  reply: OperationReply<N>;
  /** The image of the reply, where the operation returns one. */
  image: Buffer;
}

/** Asks a worker: the one way from HTTP to the wire. */
export type Ask = <N extends OperationName>(request: RequestOf<N>, options: AskOptions) => Promise<Answer<N>>;

/** Has many images made of a stored one, or takes them from the caches, in the order of the parameter sets. */
export type AskMany = (
  imageId: string,
  sets: readonly Parameters[],
  options: Omit<AskOptions, 'image'>,
) => Promise<Result[]>;

export interface RequestsOptions {
  dispatcher: Dispatcher;
  results: Results;
  /** Milliseconds that a request may take. */
  timeoutMs: number;
}

const noImage = Buffer.alloc(0);

/** Answers requests from the caches, or turns them into JSON messages for the dispatcher, and replies back; images travel as raw frames. */
export function createAsk({ dispatcher, results, timeoutMs }: RequestsOptions): { ask: Ask; askMany: AskMany } {
  async function askWorker(request: RequestOf, image: Buffer | undefined, caller: Caller) {
    const json = { ...request, request_id: caller.requestId, transfer_encoding: 'binary' };
    const [reply, data = noImage] = await dispatcher.dispatch({
      frames: [Buffer.from(JSON.stringify(json)), ...(image === undefined ? [] : [image])],
      weight: operations[request.operation].weight,
      input: inputOf(request, image),
      ...caller,
    });
    const answer = parseJson(reply as Buffer) as { status: 'success' } | ErrorReply;
    if (answer.status === 'error') throw errorOf(answer);
    return { reply: answer, image: data };
  }

  async function answer(request: RequestOf, image: Buffer | undefined, caller: Caller) {
    if (request.operation === 'resize' && isStored(request)) {
      const { fields, image: made } = await results.resize(request, caller);
      return { reply: fields, image: made };
    }
    if (request.operation === 'retrieve') {
      const whole = await results.original(request, caller);
      if (whole !== undefined) return { reply: whole.fields, image: whole.image };
    }
    if (request.operation === 'delete') {
      return results.delete(request.image_id, () => askWorker(request, image, caller));
    }
    return askWorker(request, image, caller);
  }

  const callerOf = ({ requestId, signal, times }: AskOptions): Caller => ({
    requestId,
    door: 'http',
    deadline: performance.now() + timeoutMs,
    ...(signal && { signal }),
    ...(times && { times }),
  });

  return {
    ask: async (request, options) => (await answer(request as RequestOf, options.image, callerOf(options))) as never,
    askMany: (imageId, sets, options) => results.resizeAll(imageId, sets, callerOf(options)),
  };
}
