import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../log.ts';
import type { Times } from '../../times.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { isGone, whenDone } from '../lifetime.ts';

declare module 'fastify' {
  interface FastifyRequest {
    times: Times;
  }
}

/** Gives every response its common headers, and every request its one line in the log. */
export function everyResponse(app: App, { log }: HttpDoorOptions): void {
  // Made for each request in begin().
  app.decorateRequest('times', null as unknown as Times);
  app.addHook('onRequest', async (request, reply) => begin(log, request, reply));
  app.addHook('onSend', async ({ times }, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    const parts = { queue: times.queue, work: times.work, app: reply.elapsedTime };
    const durations = Object.entries(parts).map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`);
    reply.header('server-timing', durations.join(', '));
  });
}

/** What every request begins with, also those that no hook sees because their URL cannot be read. */
export function begin(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const started = performance.now();
  request.times = { queue: 0, work: 0 };
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  whenDone(reply, () => {
    log.info(
      {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions?.url,
        status: isGone(reply) ? undefined : reply.raw.statusCode,
        duration_ms: Math.round(performance.now() - started),
      },
      isGone(reply) ? 'request dropped by the client' : 'request',
    );
  });
}
