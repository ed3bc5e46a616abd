import type { FastifyRequest } from 'fastify';
import { type TransferRateLimits, watchTransferRate } from '../../limits/transfer-rate.ts';
import { HttpError } from '../response/problem.ts';

/**
 * Runs a body reader; aborts it and closes the connection if the client sends too slowly.
 * @param read must stop once its signal is aborted
 * @throws HttpError 408, or the reader's error
 */
export async function readAtMinimumRate<T>(
  { raw, context }: FastifyRequest,
  limits: TransferRateLimits,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { socket } = raw;
  const controller = new AbortController();
  const { signal } = controller;
  const tooSlow = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const message = `Expected a body at ${limits.bytesPerSecond} bytes a second or faster`;
  const giveUp = () => controller.abort(new HttpError(408, message, { headers: { connection: 'close' } }));
  const stop = watchTransferRate(() => socket.bytesRead, giveUp, limits);
  try {
    const body = await Promise.race([read(signal), tooSlow]);
    context.bodyArrived();
    return body;
  } finally {
    stop();
  }
}
