import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/validate.ts';
import type { App } from '../door.ts';
import { HttpError } from '../response/problem.ts';

/** Their clients may send the body after 100 Continue alone. */
const awaiting = new WeakSet<IncomingMessage>();
const unmet = new WeakSet<IncomingMessage>();

/**
 * Sends 100 Continue when a route reads the body; Node.js would before the headers are checked. Refuses any other Expect
 * of HTTP/1.1, which Node.js would answer without a body.
 */
export function expectations(app: App): void {
  app.server.on('checkContinue', (request, response) => {
    awaiting.add(request);
    app.routing(request, response);
  });
  app.server.on('checkExpectation', (request, response) => {
    awaiting.add(request);
    unmet.add(request);
    app.routing(request, response);
  });
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (!unmet.has(raw)) return done();
    const message = `Expected 100-continue for Expect but received ${received(raw.headers.expect)}`;
    done(new HttpError(417, message, { parameter: 'Expect' }));
  });
}

export function sendContinue(request: FastifyRequest, reply: FastifyReply): void {
  if (awaiting.delete(request.raw)) reply.raw.writeContinue();
}

export function awaitsContinue(request: FastifyRequest): boolean {
  return awaiting.has(request.raw);
}
