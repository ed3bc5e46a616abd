import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import type { App } from '../door.ts';
import { HttpError } from '../response/problem.ts';

/** Requests whose client may wait for 100 Continue before it sends the body. */
const awaitingContinue = new WeakSet<IncomingMessage>();
/** Requests whose Expect is not supported. */
const unsupported = new WeakSet<IncomingMessage>();

/**
 * Sends 100 Continue only when a route reads the body; Node.js would send it before the headers are checked. Rejects
 * any other Expect of HTTP/1.1, which Node.js would answer without a body.
 */
export function expectations(app: App): void {
  app.server.on('checkContinue', (request, response) => {
    awaitingContinue.add(request);
    app.routing(request, response);
  });
  app.server.on('checkExpectation', (request, response) => {
    // A client that turns the expectation off may send an empty one.
    if (request.headers.expect !== '') {
      awaitingContinue.add(request);
      unsupported.add(request);
    }
    app.routing(request, response);
  });
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (!unsupported.has(raw)) return done();
    const message = `Expected 100-continue for Expect but received ${received(raw.headers.expect)}`;
    done(new HttpError(417, message, { parameter: 'Expect' }));
  });
}

export function sendContinue(request: FastifyRequest, reply: FastifyReply): void {
  if (awaitingContinue.delete(request.raw)) reply.raw.writeContinue();
}

export function awaitsContinue(request: FastifyRequest): boolean {
  return awaitingContinue.has(request.raw);
}
