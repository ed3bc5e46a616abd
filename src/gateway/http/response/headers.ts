import type { FastifyReply } from 'fastify';

/** Sets headers that are given as names and values in turn. */
export function setHeaders(reply: FastifyReply, headers: readonly string[]): FastifyReply {
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i] as string, headers[i + 1]);
  return reply;
}
