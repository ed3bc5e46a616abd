import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, HttpDoorOptions } from '../door.ts';
import { discardRest } from '../unread.ts';
import { isWaiting } from './expect-continue.ts';

/** As long as nginx lingers (lingering_time), so that an answer reaches a client that sends all before it reads. */
const lingerMs = 30_000;

/** Who is still sending after this many uploads of the largest size does not look at answers. */
const lingerUploads = 4;

/** Whether a body, or the rest of one, is still to come. */
export function hasUnreadBody({ raw }: FastifyRequest): boolean {
  const announced = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
  return announced && !raw.complete;
}

/**
 * Sees to the body of a request that is answered before it has been read:
 * it is taken in for a while, and then the connection goes.
 */
export function unreadBody(app: App, { config }: HttpDoorOptions): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (hasUnreadBody(request)) takeIn(request, reply);
    done();
  });

  function takeIn(request: FastifyRequest, reply: FastifyReply): void {
    if (isWaiting(request)) {
      // The client may leave the body out now, and then its next request would be taken for it.
      reply.header('connection', 'close');
      return;
    }
    const { socket } = request.raw;
    const limits = { bytes: lingerUploads * config.maxUploadBytes, milliseconds: lingerMs };
    void discardRest(request.raw, limits).then((all) => {
      if (!all) socket.destroySoon();
    });
  }
}
