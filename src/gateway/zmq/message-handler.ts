import { randomUUID } from 'node:crypto';
import { publicError, RequestError } from '../../contract/errors.ts';
import type { RequestOf } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import type { ByteBudget } from '../limits/byte-budget.ts';
import type { ImageService } from '../service/image-service.ts';
import type { OpenRequests, RequestContext } from '../service/request-context.ts';
import { splitEnvelope } from './envelope.ts';
import type { Peer } from './peers.ts';
import { type IncomingRequest, readRequest, readRequestId } from './read-request.ts';
import { codeOf, errorFrames, replyFrames } from './reply-frames.ts';
import type { SendQueue } from './send-queue.ts';

/** What the door needs to answer requests. */
export interface ZmqHandlers {
  service: Pick<ImageService, 'perform' | 'forward' | 'keyOf' | 'peek'>;
  openRequests: OpenRequests;
  /** Counts requests that are worked on and replies that wait. */
  budget: ByteBudget;
  isDraining(): boolean;
}

export interface MessageHandlerOptions extends ZmqHandlers {
  /** Largest image that is taken, in bytes. */
  maxUploadBytes: number;
  /** Most bytes of replies that wait for one peer; over half of it, its new requests are refused. */
  maxWaitingBytes: number;
  replies: SendQueue<Peer>;
  log: Logger;
}

/** Creates the function that answers a message, whatever it holds, and never rejects. */
export function createMessageHandler(options: MessageHandlerOptions): (peer: Peer, frames: Buffer[]) => Promise<void> {
  const { service, openRequests, budget, isDraining, maxUploadBytes, maxWaitingBytes } = options;
  const { replies, log } = options;

  function admit(peer: Peer): void {
    if (isDraining()) throw new RequestError('shutting_down', 'The server is shutting down');
    if (replies.isStalled(peer) || replies.waiting(peer) > maxWaitingBytes / 2) {
      throw new RequestError('overloaded', 'Expected replies to be read before more requests are sent');
    }
  }

  async function answer({ request, image }: IncomingRequest, context: RequestContext): Promise<Buffer[]> {
    if (isForwarded(request)) return service.forward(request, context);
    return replyFrames(request, context.requestId, await service.perform(request, context, await image()));
  }

  /** Whether a worker encodes the reply: an original that is not in memory, in base64. */
  function isForwarded(request: RequestOf): boolean {
    if (request.operation !== 'retrieve' || request.transfer_encoding === 'binary') return false;
    const key = service.keyOf(request.image_id);
    return key === undefined || service.peek(key) === undefined;
  }

  async function handle(peer: Peer, frames: Buffer[]): Promise<void> {
    const { envelope, body } = splitEnvelope(frames);
    let incoming: IncomingRequest | undefined;
    let failure: unknown;
    try {
      incoming = readRequest(body, maxUploadBytes);
      admit(peer);
    } catch (error) {
      failure = error;
    }
    const context = openRequests.open({
      requestId: incoming ? (incoming.request.request_id ?? randomUUID()) : (readRequestId(body) ?? randomUUID()),
      door: 'zmq',
      client: peer.client,
      timeoutMs: incoming?.request.timeout_ms,
    });
    peer.open.add(context);
    const reserved = budget.reserve();
    try {
      if (failure !== undefined || incoming === undefined) throw failure;
      reserved.grow(body.reduce((sum, { length }) => sum + length, 0));
      const reply = await answer(incoming, context);
      reserved.release();
      await deliver(peer, envelope, reply, context);
    } catch (error) {
      reserved.release();
      if (publicError(error).code === 'internal' && !peer.hasGone) {
        log.error({ err: error, request_id: context.requestId }, 'request failed');
      }
      await deliver(peer, envelope, errorFrames(error, context.requestId), context);
    } finally {
      peer.open.delete(context);
      context.close();
    }
  }

  async function deliver(peer: Peer, envelope: Buffer[], reply: Buffer[], context: RequestContext): Promise<void> {
    const { requestId, arrivedAt } = context;
    const line = {
      request_id: requestId,
      code: codeOf(reply[0] as Buffer),
      duration_ms: Math.round(performance.now() - arrivedAt),
    };
    try {
      await replies.send(peer, [...envelope, ...reply]);
      log.info(line, 'request answered');
    } catch (error) {
      if (error instanceof RequestError && line.code === 'success') throw error;
      const reason = peer.hasGone || codeIs(error, 'EHOSTUNREACH') ? 'the client has gone' : 'the client does not read';
      log.warn({ ...line, err: error }, `reply not delivered: ${reason}`);
    }
  }

  return handle;
}

function codeIs(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
