import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../log.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { isGone, whenDone } from '../lifetime.ts';

/** Gives every response its common headers, and every request its one line in the log. */
export function everyResponse(app: App, { log }: HttpDoorOptions): void {
  app.addHook('onRequest', async (request, reply) => begin(log, request, reply));
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    reply.header('server-timing', `app;dur=${reply.elapsedTime.toFixed(1)}`);
  });
}

/** What every request begins with, also those that no hook sees because their URL cannot be read. */
export function begin(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const started = performance.now();
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
