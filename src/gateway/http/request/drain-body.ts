import type { IncomingMessage } from 'node:http';

/**
 * Reads and discards a request body: closing the connection early would reset it, hiding the response from a client
 * that is still sending.
 * @returns whether the body ended within the limits
 */
export function drainBody(request: IncomingMessage, limits: { bytes: number; milliseconds: number }): Promise<boolean> {
  return new Promise((resolve) => {
    if (request.complete || request.destroyed) return resolve(request.complete);
    let remaining = limits.bytes;
    const timer = setTimeout(() => settle(false), limits.milliseconds).unref();
    const onData = (chunk: Buffer) => {
      remaining -= chunk.length;
      if (remaining < 0) settle(false);
    };
    const onEnd = () => settle(true);
    const onClose = () => settle(request.complete);
    const settle = (isComplete: boolean) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(isComplete);
    };
    request.unpipe();
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    request.resume();
  });
}
