import type { FastifyReply } from 'fastify';
import { sendProgress, watchReadingRate } from '../../limits/reading-rate.ts';
import type { HttpDoor } from '../door.ts';
import { onResponseEnd } from './lifetime.ts';

/**
 * Sends bytes and counts them in the budget until they are flushed. Cuts off slow readers.
 * @throws RequestError `overloaded`, before anything is sent
 */
export function sendWithinBudget(
  reply: FastifyReply,
  bytes: Buffer,
  { budget, transferRate, log }: Pick<HttpDoor, 'budget' | 'transferRate' | 'log'>,
): void {
  const { raw: response, request } = reply;
  const release = budget.hold(bytes);
  reply.send(bytes);
  const { socket } = request.raw;
  // Most responses fit the kernel's buffers.
  if (response.writableEnded && response.writableLength === 0) {
    release();
    return;
  }
  const cutOff = () => {
    const line = { request_id: request.id, address: socket.remoteAddress, unsent: sendProgress(socket).queued };
    log.warn(line, 'slow reader cut off');
    // Node.js reports a response as finished once its socket is destroyed, so record the abort.
    request.context.abort();
    socket.destroy();
  };
  const stop = watchReadingRate(socket, cutOff, transferRate);
  onResponseEnd(request.raw, response, () => {
    stop();
    release();
  });
}
