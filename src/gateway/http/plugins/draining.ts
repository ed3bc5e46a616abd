import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { drainBody } from '../request/drain-body.ts';
import { awaitsContinue } from './expectations.ts';
import { hasUnreadBody } from './unread-body.ts';

/** Milliseconds to drain the body of a rejected request, which delays the shutdown. */
const drainTimeoutMs = 2_000;

/** Rejects new requests with `shutting_down` while the service drains, except on `whileDraining` routes. */
export function draining(app: App, { config, isDraining }: HttpDoorOptions): void {
  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    // Drain before the response, which closes the connection.
    if (hasUnreadBody(request) && !awaitsContinue(request)) {
      await drainBody(request.raw, { bytes: config.maxUploadBytes, milliseconds: drainTimeoutMs });
    }
    reply.header('connection', 'close');
    throw new RequestError('shutting_down', 'This server is shutting down; try again later');
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (!isDraining() || request.routeOptions.config.whileDraining) done();
    else refuse(request, reply).catch(done);
  });
}
