import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../door.ts';

const awaiting = new WeakSet<IncomingMessage>();

/** Sends 100 Continue when a route reads the body; Node.js would before the headers are checked. */
export function expectContinue(app: App): void {
  app.server.on('checkContinue', (request, response) => {
    awaiting.add(request);
    app.routing(request, response);
  });
}

export function sendContinue(request: FastifyRequest, reply: FastifyReply): void {
  if (awaiting.delete(request.raw)) reply.raw.writeContinue();
}

export function awaitsContinue(request: FastifyRequest): boolean {
  return awaiting.has(request.raw);
}
