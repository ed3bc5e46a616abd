import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AskOptions } from '../requests.ts';

/** Whether the client closed its connection before it got its answer. */
export function isGone({ closed, destroyed, writableFinished }: ServerResponse): boolean {
  return (closed || destroyed) && !writableFinished;
}

/** Calls back once: when the response has gone out, or when nobody is there any more to get it. */
export function whenDone(response: ServerResponse, callback: () => void): void {
  if (response.closed) callback();
  else response.on('close', callback);
}

/** Aborted when the client closes its connection before it got its answer. */
function callerSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  whenDone(response, () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** What a worker is asked with for a request of HTTP: its id, whether its caller is still there, and where its time is noted. */
export function callerOf(request: FastifyRequest, reply: FastifyReply): Required<Omit<AskOptions, 'image'>> {
  return { requestId: request.id, signal: callerSignal(reply.raw), times: request.times };
}
