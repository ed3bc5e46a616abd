import type { Socket } from 'node:net';

/**
 * Bytes that the kernel has not taken yet. `writableLength` keeps the size of a whole chunk until its last byte is
 * written; the handle's queue, by which Node.js itself measures progress for the timeout of a socket, shrinks with it.
 */
export function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
