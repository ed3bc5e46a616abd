import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { drainBody } from '../request/drain-body.ts';
import { awaitsContinue } from './expectations.ts';
import { hasUnreadBody } from './unread-body.ts';

/** Milliseconds for a refused body, which delays the shutdown. */
const drainMs = 2_000;

export function draining(app: App, { config, isDraining }: HttpDoorOptions): void {
  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    // The connection closes after the response: drain first.
    if (hasUnreadBody(request) && !awaitsContinue(request)) {
      await drainBody(request.raw, { bytes: config.maxUploadBytes, milliseconds: drainMs });
    }
    reply.header('connection', 'close');
    throw new RequestError('shutting_down', 'This server is shutting down; try again later');
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (!isDraining() || request.routeOptions.config.whileDraining) done();
    else refuse(request, reply).catch(done);
  });
}
