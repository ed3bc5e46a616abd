import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../log.ts';
import { noTimes, type Times } from '../../times.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { logWhenDone } from '../request-line.ts';
import { serverTiming } from '../server-timing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    times: Times;
  }
}

/** Gives every response its common headers, and every request its one line in the log. */
export function everyResponse(app: App, { log }: HttpDoorOptions): void {
  // Made for each request in begin().
  app.decorateRequest('times', null as unknown as Times);
  // Hooks that call back: an async one costs every request a turn of promises.
  app.addHook('onRequest', (request, reply, done) => {
    begin(log, request, reply);
    done();
  });
  app.addHook('onSend', ({ times }, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    reply.header('server-timing', serverTiming(times, reply.elapsedTime));
    done();
  });
}

/** What every request begins with, also those that no hook sees because their URL cannot be read. */
export function begin(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  request.times = noTimes();
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  logWhenDone(log, reply.raw, {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions?.url,
    started: performance.now(),
  });
}
