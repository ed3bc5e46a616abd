import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { publicError, RequestError } from '../../contract/errors.ts';
import { checkImageSize, errorReply, parseMessage, tooLarge } from '../../contract/messages.ts';
import { operations, type RequestOf } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { Budget } from '../budget.ts';
import type { Job } from '../dispatch/dispatcher.ts';
import { inputOf } from '../input.ts';
import type { Asked, Serve } from '../results/serve.ts';
import { splitEnvelope } from './envelope.ts';
import { peekReply, peekRequest } from './peek.ts';
import type { Peer } from './peer.ts';
import { openZmtpServer } from './server.ts';

/** The ZeroMQ door: a ROUTER to its clients, which answers every message. */
export interface ZmqDoor {
  /** Where it really listens. */
  readonly endpoint: string;
  /** Answers what has come in, lets the replies leave, and closes. */
  close(): Promise<void>;
}

export interface ZmqDoorOptions {
  endpoint: string;
  serve: Serve;
  budget: Budget;
  /** Largest image that is taken, in bytes. */
  maxUploadBytes: number;
  /** Longest time that a request may take, in milliseconds. */
  timeoutMs: number;
  isDraining(): boolean;
  log: Logger;
}

/** Frames of JSON up to this size are parsed here, which takes well under a millisecond; larger ones go to a worker as they are. */
const parsedHereBytes = 65_536;

/** Milliseconds that replies get to leave when the door closes. */
const lingerMs = 1000;

/**
 * Milliseconds that clients get, after the last reply, to send another request and be told that the server ends:
 * a REQ client whose request nobody takes waits for ever.
 */
const graceMs = 200;

export async function openZmqDoor(options: ZmqDoorOptions): Promise<ZmqDoor> {
  const { serve, budget, maxUploadBytes, timeoutMs, isDraining, log } = options;
  /** A whole image in base64, and room for the rest of the request. */
  const maxJsonBytes = Math.ceil(maxUploadBytes / 3) * 4 + parsedHereBytes;

  async function handle(frames: Buffer[], peer: Peer): Promise<void> {
    const started = performance.now();
    const { envelope, body } = splitEnvelope(frames);
    const bytes = body.reduce((sum, frame) => sum + frame.length, 0);
    let requestId: string | undefined;
    let release = () => {};
    try {
      if (body.length === 0) {
        throw new RequestError('invalid_request', 'Expected an empty delimiter frame and then a JSON object');
      }
      const job = toJob(body);
      requestId = job.requestId;
      if (isDraining()) throw new RequestError('shutting_down', 'The server is shutting down');
      release = budget.reserve(bytes);
      await reply(peer, envelope, await serve(job), requestId, started);
    } catch (error) {
      if (publicError(error).code === 'internal') log.error({ err: error, request_id: requestId }, 'request failed');
      requestId ??= readRequestId(body);
      await reply(peer, envelope, [Buffer.from(JSON.stringify(errorReply(error, requestId)))], requestId, started);
    } finally {
      release();
    }
  }

  function toJob(body: Buffer[]): Asked {
    const [json, image] = body as [Buffer, ...Buffer[]];
    if (json.length > maxJsonBytes) throw tooLarge(maxUploadBytes);
    if (json.length > parsedHereBytes && body.length === 1) {
      const peeked = peekRequest(json);
      // Where the frame does not tell, the work may be anything: the lanes for slow work are the place for it.
      const weight = peeked === undefined ? 'heavy' : operations[peeked.request.operation].weight;
      return { frames: body, input: peeked?.value ?? json, weight, door: 'zmq', ...limits(peeked?.request) };
    }
    const { request } = parseMessage(body);
    if (image !== undefined) checkImageSize(image.length, maxUploadBytes);
    const named = { ...request, request_id: request.request_id ?? randomUUID() };
    return {
      frames: [Buffer.from(JSON.stringify(named)), ...body.slice(1)],
      request: named,
      input: inputOf(request, image),
      weight: operations[request.operation].weight,
      door: 'zmq',
      ...limits(named),
    };
  }

  function limits(request: RequestOf | undefined): Pick<Job, 'requestId' | 'deadline'> {
    const wait = Math.min(request?.timeout_ms ?? timeoutMs, timeoutMs);
    return { requestId: request?.request_id, deadline: performance.now() + wait };
  }

  async function reply(
    peer: Peer,
    envelope: Buffer[],
    frames: Buffer[],
    known: string | undefined,
    started: number,
  ): Promise<void> {
    const { code, requestId = known } = peekReply(frames[0] as Buffer);
    const line = { request_id: requestId, code, duration_ms: Math.round(performance.now() - started) };
    try {
      await peer.send([...envelope, ...frames]);
      log.info(line, 'request answered');
    } catch (error) {
      log.warn({ ...line, err: error }, 'reply not delivered: the client has gone');
    }
  }

  /** The requests that are not answered yet; none ever rejects. */
  const serving = new Set<Promise<void>>();

  const server = await openZmtpServer({
    endpoint: options.endpoint,
    // Twice what is taken, so that what is somewhat too large still gets its answer.
    maxMessageBytes: 2 * maxJsonBytes,
    budget,
    receive(frames, peer) {
      const served = handle(frames, peer);
      serving.add(served);
      void served.finally(() => serving.delete(served));
    },
    log,
  }).catch((cause: Error) => {
    const message = `Expected an endpoint that can be bound but received ${options.endpoint}: ${cause.message}`;
    throw new Error(message, { cause });
  });

  return {
    endpoint: server.endpoint,
    async close() {
      if (server.connections > 0) await delay(graceMs);
      // What is not done by then waits for clients that do not read.
      await Promise.race([Promise.all(serving), delay(lingerMs, undefined, { ref: false })]);
      await server.close(lingerMs);
    },
  };
}

/** The request id of a message that is off, where it has one all the same. */
function readRequestId(body: Buffer[]): string | undefined {
  const [json] = body;
  if (json === undefined || json.length > parsedHereBytes) return undefined;
  try {
    const id: unknown = JSON.parse(json.toString())?.request_id;
    return typeof id === 'string' && id.length <= 128 ? id : undefined;
  } catch {
    return undefined;
  }
}
