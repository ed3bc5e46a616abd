import { errorOf, parseJson } from '../contract/messages.ts';
import {
  type ErrorReply,
  type OperationName,
  type OperationReply,
  operations,
  type RequestOf,
} from '../contract/operations.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import { inputOf } from './input.ts';
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

export interface RequestsOptions {
  dispatcher: Dispatcher;
  /** Milliseconds that a request may take. */
  timeoutMs: number;
}

const noImage = Buffer.alloc(0);

/** Turns requests into JSON messages for the dispatcher, and replies back; images travel as raw frames. */
export function createAsk({ dispatcher, timeoutMs }: RequestsOptions): Ask {
  return async (request, { image, requestId, signal, times }) => {
    const json = { ...request, request_id: requestId, transfer_encoding: 'binary' };
    const [reply, data = noImage] = await dispatcher.dispatch({
      frames: [Buffer.from(JSON.stringify(json)), ...(image === undefined ? [] : [image])],
      weight: operations[request.operation].weight,
      door: 'http',
      requestId,
      input: inputOf(request as RequestOf, image),
      deadline: performance.now() + timeoutMs,
      ...(signal === undefined ? {} : { signal }),
      ...(times === undefined ? {} : { times }),
    });
    const answer = parseJson(reply as Buffer) as { status: 'success' } | ErrorReply;
    if (answer.status === 'error') throw errorOf(answer);
    return { reply: answer as never, image: data };
  };
}
