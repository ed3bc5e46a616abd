import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../door.ts';

/** Requests whose clients wait for 100 Continue before they send the body. */
const awaiting = new WeakSet<IncomingMessage>();

/** Delays 100 Continue until a route reads the body; Node.js would send it before the headers are checked. */
export function expectContinue(app: App): void {
  app.server.on('checkContinue', (request, response) => {
    awaiting.add(request);
    app.routing(request, response);
  });
}

export function sendContinue(request: FastifyRequest, reply: FastifyReply): void {
  if (awaiting.delete(request.raw)) reply.raw.writeContinue();
}

/** Whether the client still waits for 100 Continue, its body unsent. */
export function awaitsContinue(request: FastifyRequest): boolean {
  return awaiting.has(request.raw);
}
