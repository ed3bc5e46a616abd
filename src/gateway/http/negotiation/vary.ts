import type { FastifyReply } from 'fastify';

/** Tells caches that the answer depends on one more header of the request. */
export function vary(reply: FastifyReply, name: string): void {
  const before = reply.getHeader('vary');
  reply.header('vary', before === undefined ? name : `${before}, ${name}`);
}
