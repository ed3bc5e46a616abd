import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AskOptions } from '../requests.ts';

/** Whether the client closed its connection before it got its answer. */
export function isGone({ raw }: FastifyReply): boolean {
  return (raw.closed || raw.destroyed) && !raw.writableFinished;
}

/** Calls back once: when the response has gone out, or when nobody is there any more to get it. */
export function whenDone(reply: FastifyReply, callback: () => void): void {
  if (reply.raw.closed) callback();
  else reply.raw.once('close', callback);
}

/** Aborted when the client closes its connection before it got its answer. */
function callerSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  whenDone(reply, () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** What a worker is asked with for a request of HTTP: its id, whether its caller is still there, and where its time is noted. */
export function callerOf(request: FastifyRequest, reply: FastifyReply): Required<Omit<AskOptions, 'image'>> {
  return { requestId: request.id, signal: callerSignal(reply), times: request.times };
}
