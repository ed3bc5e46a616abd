import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Whether the connection was lost before the response was sent. */
export function isConnectionLost({ closed, destroyed, writableFinished, req }: ServerResponse): boolean {
  return (closed || destroyed || req.socket.destroyed) && !writableFinished;
}

/** Callbacks of pipelined responses, which Node.js does not notify of a lost connection. */
const pipelinedCallbacks = new WeakMap<Socket, Set<() => void>>();

/** Calls back once the response is sent or its connection lost. */
export function onResponseEnd(request: IncomingMessage, response: ServerResponse, callback: () => void): void {
  const { socket } = request;
  if (response.closed || socket.destroyed) {
    callback();
    return;
  }
  if (response.socket !== null) {
    response.on('close', callback);
    return;
  }
  const callbacks = pipelinedCallbacks.get(socket) ?? watchClose(socket);
  const end = () => {
    if (callbacks.delete(end)) callback();
  };
  callbacks.add(end);
  response.on('close', end);
}

function watchClose(socket: Socket): Set<() => void> {
  const callbacks = new Set<() => void>();
  pipelinedCallbacks.set(socket, callbacks);
  socket.once('close', () => {
    for (const end of [...callbacks]) end();
  });
  return callbacks;
}
