import { randomUUID } from 'node:crypto';
import { publicError, RequestError } from '../../contract/errors.ts';
import { maxHops } from '../../contract/fields.ts';
import type { Logger } from '../../log.ts';
import type { Access } from '../access/access.ts';
import { accessRequestOf, withoutCredentials } from '../access/access-request.ts';
import type { ByteBudget, Reservation } from '../limits/byte-budget.ts';
import { clientKey } from '../limits/client-key.ts';
import type { RateLimiter } from '../limits/rate-limit.ts';
import type { ImageService } from '../service/image-service.ts';
import type { OpenRequests, RequestContext } from '../service/request-context.ts';
import { splitEnvelope } from './envelope.ts';
import type { Peer } from './peers.ts';
import { type IncomingRequest, readIdAndOperation, readRequest } from './read-request.ts';
import { codeOf, errorFrames, replyFrames } from './reply-frames.ts';
import type { SendQueue } from './send-queue.ts';

export interface ZmqHandlers {
  service: Pick<ImageService, 'perform' | 'forward' | 'keyOf' | 'has'>;
  openRequests: OpenRequests;
  rateLimiter: RateLimiter | undefined;
  /** Shared by requests in progress and queued replies. */
  budget: ByteBudget;
  isDraining(): boolean;
}

export interface MessageHandlerOptions extends ZmqHandlers {
  maxUploadBytes: number;
  /** Limit of queued reply bytes per peer; above half of it, new requests are refused. */
  maxQueuedBytes: number;
  replies: SendQueue<Peer>;
  /** Called for each request refused because its client does not read replies. */
  onUnread(): void;
  access: Access;
  log: Logger;
}

const pong = { fields: { version: '' }, images: [] };

/** Creates a handler that answers any message, and never rejects. */
export function createMessageHandler(options: MessageHandlerOptions): (peer: Peer, frames: Buffer[]) => Promise<void> {
  const { service, openRequests, rateLimiter, budget, isDraining, maxUploadBytes, maxQueuedBytes } = options;
  const { access, replies, onUnread, log } = options;

  function admit(peer: Peer): void {
    if (isDraining()) throw new RequestError('shutting_down', 'The server is shutting down');
    if (replies.isStalled(peer) || replies.queuedBytes(peer) > maxQueuedBytes / 2) {
      onUnread();
      throw new RequestError('overloaded', 'Expected replies to be read before more requests are sent');
    }
  }

  /** Connections of unknown address are limited individually. */
  function checkRate({ id, client }: Peer): void {
    const limitError = rateLimiter?.countAndCheck(clientKey(client) ?? `connection ${id.toString('latin1')}`);
    if (limitError !== undefined) throw limitError;
  }

  function authorize(incoming: IncomingRequest, { caller }: Peer, context: RequestContext): IncomingRequest {
    if (access.isOpen) return incoming;
    const { request, raw } = incoming;
    context.permission = access.permit(caller, accessRequestOf(request, raw));
    return { ...incoming, request: withoutCredentials(request) };
  }

  async function answer({ request, image }: IncomingRequest, context: RequestContext): Promise<Buffer[]> {
    // A liveness check of this gateway; not forwarded, as upstreams may form a loop.
    if (request.operation === 'ping' && request.hops === maxHops) return replyFrames(request, context.requestId, pong);
    if (request.operation === 'retrieve' && request.transfer_encoding !== 'binary') {
      const key = service.keyOf(request.image_id);
      // On a cache miss, the worker encodes the base64.
      if (key === undefined || !service.has(key)) return service.forward(request, context);
    }
    return replyFrames(request, context.requestId, await service.perform(request, context, await image()));
  }

  async function deliver(peer: Peer, envelope: Buffer[], reply: Buffer[], context: RequestContext): Promise<void> {
    const code = codeOf(reply[0] as Buffer);
    context.outcome = code;
    context.answeredAt = performance.now();
    const duration = Math.round(context.answeredAt - context.arrivedAt);
    const { requestId, client, failedStage: stage } = context;
    const logFields = { request_id: requestId, client: client.name, code, stage, duration_ms: duration };
    try {
      await replies.send(peer, [...envelope, ...reply]);
      // Not logged for pings of other gateways, which come every second.
      if (context.operation !== 'ping' || context.hops === 0) log.info(logFields, 'request answered');
    } catch (error) {
      // The reply exceeds the budget; an error reply fits.
      if (error instanceof RequestError && code === 'success') {
        return deliver(peer, envelope, errorFrames(error, context.requestId), context);
      }
      context.outcome = 'aborted';
      const hasGone = peer.hasGone || (error as NodeJS.ErrnoException).code === 'EHOSTUNREACH';
      const reason = hasGone ? 'the client has gone' : 'the client does not read';
      log.warn({ ...logFields, err: error }, `reply not delivered: ${reason}`);
    }
  }

  return async (peer, frames) => {
    const { envelope, body } = splitEnvelope(frames);
    let incoming: IncomingRequest | undefined;
    let failure: unknown;
    try {
      incoming = readRequest(body, maxUploadBytes);
    } catch (error) {
      failure = error;
    }
    const { request_id: requestId = randomUUID(), operation } = incoming?.request ?? readIdAndOperation(body);
    const { timeout_ms: timeoutMs, hops } = incoming?.request ?? {};
    const context = openRequests.open({
      requestId,
      door: 'zmq',
      client: peer.client,
      timeoutMs,
      hops,
      trace: incoming?.request,
    });
    context.operation = operation;
    peer.openRequests.add(context);
    let reserved: Reservation | undefined;
    let reply: Buffer[];
    try {
      checkRate(peer);
      if (incoming === undefined) throw failure;
      admit(peer);
      reserved = budget.reserve(body.reduce((sum, { length }) => sum + length, 0));
      reply = await answer(authorize(incoming, peer, context), context);
    } catch (error) {
      context.fail(publicError(error));
      if (context.outcome === 'internal' && !peer.hasGone) {
        log.error({ err: error, request_id: requestId, stage: context.failedStage }, 'request failed');
      }
      reply = errorFrames(error, requestId);
    }
    reserved?.release();
    await deliver(peer, envelope, reply, context);
    peer.openRequests.delete(context);
    context.close();
  };
}
