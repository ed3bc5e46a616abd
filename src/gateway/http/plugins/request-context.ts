import type { FastifyReply, FastifyRequest } from 'fastify';
import { forwardedAddress } from '../../limits/addresses.ts';
import type { Client, RequestContext, TraceParent } from '../../service/request-context.ts';
import type { Timings } from '../../service/timings.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { isConnectionLost, onResponseEnd } from '../response/lifetime.ts';

/** Adds the context, the common response headers and one log line to each request. */
export function requestContext(app: App, options: Pick<HttpDoorOptions, 'log' | 'openRequests'>): void {
  // Set in openContext().
  app.decorateRequest('context', null as unknown as RequestContext);
  // Hooks with callbacks: async ones add microtask turns to every request.
  app.addHook('onRequest', (request, reply, done) => {
    openContext(options, request, reply);
    done();
  });
  app.addHook('onSend', ({ context }, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    // A 304 would overwrite the policy of the stored image.
    if (reply.statusCode !== 304 && !reply.hasHeader('cross-origin-resource-policy')) {
      reply.header('cross-origin-resource-policy', 'same-origin');
    }
    context.answeredAt = performance.now();
    reply.header('server-timing', serverTiming(context.timings, context.answeredAt - context.openedAt));
    done();
  });
}

/** Opens the context of a request, also for undecodable URLs, which pass no hook. */
export function openContext(
  { log, openRequests }: Pick<HttpDoorOptions, 'log' | 'openRequests'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { raw: response } = reply;
  const requestId = request.id;
  // A trusted proxy may forward anything, such as `unknown`.
  const address = forwardedAddress(request.ip) ?? request.raw.socket.remoteAddress;
  const client: Client = { address };
  const context = openRequests.open({ requestId, door: 'http', client, trace: request.headers as TraceParent });
  request.context = context;
  reply.header('x-request-id', requestId).header('x-content-type-options', 'nosniff');
  onResponseEnd(request.raw, response, () => {
    const isDropped = context.isAborted || isConnectionLost(response);
    if (isDropped) {
      context.abort();
      context.outcome = 'aborted';
    }
    const { method, url } = request;
    const { url: route, config } = request.routeOptions;
    const status = isDropped ? undefined : response.statusCode;
    context.operation = typeof config?.operation === 'function' ? config.operation(request) : config?.operation;
    context.http = { method, url, route, status };
    context.close();
    const { outcome, failedStage } = context;
    const line = {
      request_id: requestId,
      client: client.name,
      method,
      route,
      status,
      duration_ms: Math.round(context.duration),
    };
    if (outcome === 'success') log.info(line, 'request');
    else if (isDropped) log.info({ ...line, stage: failedStage }, 'request dropped by the client');
    else log.info({ ...line, code: outcome, stage: failedStage }, 'request');
  });
}

/** Formats a Server-Timing header in milliseconds (https://www.w3.org/TR/server-timing/). */
function serverTiming(timings: Timings, total: number): string {
  const [queue, work, cache] = [timings.total('queue'), timings.total('lane'), timings.total('cache')];
  const cacheResult = timings.isHit ? 'hit' : 'miss';
  return `queue;dur=${tenths(queue)}, work;dur=${tenths(work)}, cache;desc=${cacheResult};dur=${tenths(cache)}, app;dur=${tenths(total)}`;
}

const tenths = (milliseconds: number) => (milliseconds === 0 ? '0.0' : milliseconds.toFixed(1));
