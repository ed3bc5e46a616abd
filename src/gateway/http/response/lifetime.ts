import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether the connection was lost before the response was out. */
export function isGone({ closed, destroyed, writableFinished, req }: ServerResponse): boolean {
  return (closed || destroyed || req.socket.destroyed) && !writableFinished;
}

/** Calls back once, when the response is out or its connection is lost. */
export function onResponseEnd(request: IncomingMessage, response: ServerResponse, callback: () => void): void {
  if (response.closed || request.socket.destroyed) callback();
  else response.on('close', callback);
}
