import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, HttpDoorOptions } from '../door.ts';
import { drainBody } from '../request/drain-body.ts';
import { awaitsContinue } from './expectations.ts';

/** As nginx's lingering_time: clients that send everything before they read still get the response. */
const lingerMs = 30_000;

/** Bytes drained, as a multiple of the largest upload. */
const lingerUploads = 4;

export function hasUnreadBody({ raw }: FastifyRequest): boolean {
  const announced = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
  return announced && !raw.complete;
}

/** Drains a body that its route left unread. Closes the connection if the body exceeds the limits. */
export function unreadBody(app: App, { config }: HttpDoorOptions): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (hasUnreadBody(request)) drain(request, reply);
    done();
  });

  function drain(request: FastifyRequest, reply: FastifyReply): void {
    if (awaitsContinue(request)) {
      // The client may skip the body, and its next request would be parsed as the body.
      reply.header('connection', 'close');
      return;
    }
    const { socket } = request.raw;
    const limits = { bytes: lingerUploads * config.maxUploadBytes, milliseconds: lingerMs };
    void drainBody(request.raw, limits).then((isComplete) => {
      if (!isComplete) socket.destroySoon();
    });
  }
}
