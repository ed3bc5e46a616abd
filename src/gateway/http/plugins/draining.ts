import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import type { App, HttpDoorOptions } from '../door.ts';
import { discardRest } from '../unread.ts';
import { isWaiting } from './expect-continue.ts';
import { hasUnreadBody } from './unread-body.ts';

/** Little enough that refusing work does not hold up the shutdown. */
const patienceMs = 2_000;

/** Refuses new work while the process is on its way out. */
export function draining(app: App, { config, isDraining }: HttpDoorOptions): void {
  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    // The connection is closed after this answer, so the body has to be in before it.
    if (hasUnreadBody(request) && !isWaiting(request)) {
      await discardRest(request.raw, { bytes: config.maxUploadBytes, milliseconds: patienceMs });
    }
    reply.header('connection', 'close');
    throw new RequestError('shutting_down', 'This server is shutting down; try again later');
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (!isDraining() || request.routeOptions.config.whileDraining) done();
    else refuse(request, reply).catch(done);
  });
}
