import type { IncomingMessage } from 'node:http';

interface UnreadLimits {
  bytes: number;
  milliseconds: number;
}

/**
 * Takes in what is still to come of a request that is answered without it.
 * Closing the connection at once would reset it, and a client that is still sending would never see the answer.
 * @returns whether all of it came within the limits
 */
export function discardRest(request: IncomingMessage, limits: UnreadLimits): Promise<boolean> {
  return new Promise((resolve) => {
    if (request.complete || request.destroyed) return resolve(request.complete);
    let left = limits.bytes;
    const timer = setTimeout(() => settle(false), limits.milliseconds).unref();
    const onData = (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) settle(false);
    };
    const onEnd = () => settle(true);
    const onClose = () => settle(request.complete);
    const settle = (all: boolean) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(all);
    };
    request.unpipe();
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    request.resume();
  });
}
