import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../log.ts';
import { noTimes, type Times } from '../../times.ts';
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

/** Header Server-Timing (https://www.w3.org/TR/server-timing/). */
function serverTiming({ queue, work, cache, isHit }: Times, total: number): string {
  const entry = (name: string, milliseconds: number) => `${name};dur=${milliseconds.toFixed(1)}`;
  const entries = [entry('queue', queue), entry('work', work), entry(`cache;desc=${isHit ? 'hit' : 'miss'}`, cache)];
  return [...entries, entry('app', total)].join(', ');
}

/** What every request begins with, also those that no hook sees because their URL cannot be read. */
export function begin(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const started = performance.now();
  request.times = noTimes();
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
