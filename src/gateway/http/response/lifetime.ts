import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Connection lost before the response was out. */
export function isGone({ closed, destroyed, writableFinished, req }: ServerResponse): boolean {
  return (closed || destroyed || req.socket.destroyed) && !writableFinished;
}

/** Node.js does not tell pipelined responses about a lost connection. */
const pipelined = new WeakMap<Socket, Set<() => void>>();

/** Once it is out or its connection lost. */
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
  const waiting = pipelined.get(socket) ?? watchEnd(socket);
  const end = () => {
    if (waiting.delete(end)) callback();
  };
  waiting.add(end);
  response.on('close', end);
}

function watchEnd(socket: Socket): Set<() => void> {
  const waiting = new Set<() => void>();
  pipelined.set(socket, waiting);
  socket.once('close', () => {
    for (const end of [...waiting]) end();
  });
  return waiting;
}
