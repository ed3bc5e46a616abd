import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../door.ts';

/** Requests whose clients wait to be told before they send their body. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * Has a client that sent `Expect: 100-continue` wait until its request has been found worth reading.
 * Without this Node.js asks for the body before anyone has looked at the headers.
 */
export function expectContinue(app: App): void {
  app.server.on('checkContinue', (request, response) => {
    waiting.add(request);
    app.routing(request, response);
  });
}

/** Asks for the body where the client waits for that. */
export function sendContinue(request: FastifyRequest, reply: FastifyReply): void {
  if (waiting.delete(request.raw)) reply.raw.writeContinue();
}

/** Whether the client still waits and has sent nothing of its body. */
export function isWaiting(request: FastifyRequest): boolean {
  return waiting.has(request.raw);
}
