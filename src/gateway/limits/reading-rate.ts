import type { Socket } from 'node:net';
import { sendBufferBytes } from './send-buffer.ts';
import type { TransferRateLimits } from './transfer-rate.ts';

export interface ReadingRateLimits extends TransferRateLimits {
  /** Most bytes that the kernel takes while the client reads none. */
  bufferBytes?: number;
}

/**
 * Calls back once the client has fallen behind a reader at the limit, by an interval or more.
 * What the kernel has taken may still be unread, and once its buffer is full it takes no more until a good part is read:
 * a pause tells nothing before that reader would have run dry.
 * @returns stops watching; further calls do nothing
 */
export function watchReadingRate(
  socket: Socket,
  onTooSlow: () => void,
  { bytesPerSecond, intervalMs, bufferBytes = sendBufferBytes }: ReadingRateLimits,
): () => void {
  const step = (bytesPerSecond * intervalMs) / 1000;
  let { taken } = progress(socket);
  /** What that reader has yet to read, of earlier responses too, and an interval's worth of grace. */
  let unread = Math.min(taken, bufferBytes) + step;
  // Counted in intervals, not by the clock: nothing is sent either while the event loop stands still.
  const timer = setInterval(() => {
    const now = progress(socket);
    unread = Math.min(unread + now.taken - taken, bufferBytes + step) - step;
    taken = now.taken;
    if (unread >= 0) return;
    unread = 0;
    if (now.waiting === 0) return;
    clearInterval(timer);
    onTooSlow();
  }, intervalMs).unref();
  return () => clearInterval(timer);
}

/** Milliseconds that a client may seem to take nothing while it reads at the limit. */
export function longestPauseMs({
  bytesPerSecond,
  intervalMs,
  bufferBytes = sendBufferBytes,
}: ReadingRateLimits): number {
  return intervalMs + Math.ceil((bufferBytes / bytesPerSecond) * 1000);
}

/** Bytes that the kernel has taken, and those that wait for it; `writableLength` counts a chunk until its last byte is taken. */
export function progress(socket: Socket): { taken: number; waiting: number } {
  const { _handle: handle } = socket as Socket & { _handle?: { bytesWritten: number; writeQueueSize: number } | null };
  if (!handle) return { taken: socket.bytesWritten, waiting: 0 };
  return { taken: handle.bytesWritten - handle.writeQueueSize, waiting: handle.writeQueueSize };
}
