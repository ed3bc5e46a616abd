import type { Socket } from 'node:net';
import { sendBufferBytes } from './send-buffer.ts';
import type { TransferRateLimits } from './transfer-rate.ts';

export interface ReadingRateLimits extends TransferRateLimits {
  /** Maximum bytes that the kernel buffers while the client reads nothing. */
  bufferBytes?: number;
}

/**
 * Calls back once the client is at least one interval behind a reference reader that reads exactly at the limit. The
 * kernel buffers unread bytes, and once its buffer is full, accepts more only after a good part is read. So a pause in
 * sending proves nothing until the reference reader would have drained the buffer.
 * @returns stops watching; idempotent
 */
export function watchReadingRate(
  socket: Socket,
  onTooSlow: () => void,
  { bytesPerSecond, intervalMs, bufferBytes = sendBufferBytes }: ReadingRateLimits,
): () => void {
  const bytesPerInterval = (bytesPerSecond * intervalMs) / 1000;
  let { flushed } = sendProgress(socket);
  /** Bytes that the reference reader has not read yet, of earlier responses too, plus one interval of grace. */
  let unread = Math.min(flushed, bufferBytes) + bytesPerInterval;
  // Counts intervals, not elapsed time: a blocked event loop sends nothing either.
  const timer = setInterval(() => {
    const now = sendProgress(socket);
    unread = Math.min(unread + now.flushed - flushed, bufferBytes + bytesPerInterval) - bytesPerInterval;
    flushed = now.flushed;
    if (unread >= 0) return;
    unread = 0;
    if (now.queued === 0) return;
    clearInterval(timer);
    onTooSlow();
  }, intervalMs).unref();
  return () => clearInterval(timer);
}

/** Longest pause in sending to a client that reads at the limit, in milliseconds. */
export function maxPauseMs({ bytesPerSecond, intervalMs, bufferBytes = sendBufferBytes }: ReadingRateLimits): number {
  return intervalMs + Math.ceil((bufferBytes / bytesPerSecond) * 1000);
}

/**
 * Bytes handed to the kernel and bytes still queued in libuv. `writableLength` would count a whole chunk until its last
 * byte is written.
 */
export function sendProgress(socket: Socket): { flushed: number; queued: number } {
  const { _handle: handle } = socket as Socket & { _handle?: { bytesWritten: number; writeQueueSize: number } | null };
  if (!handle) return { flushed: socket.bytesWritten, queued: 0 };
  return { flushed: handle.bytesWritten - handle.writeQueueSize, queued: handle.writeQueueSize };
}
