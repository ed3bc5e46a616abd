import { RequestError } from './errors.ts';
import type { LaneRequest } from './lane.ts';

/** In bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Resolves the requested range of an image of `size` bytes. Clamps it, except for an `offset` beyond the end. */
export function resolveByteRange(size: number, request: LaneRequest<'retrieve'>): ByteRange {
  const { range, offset = 0, length = size } = request;
  if (range === undefined) return { offset, length: Math.max(0, Math.min(length, size - offset)) };
  const { first, last = Number.POSITIVE_INFINITY } = range;
  const start = first === undefined ? Math.max(0, size - last) : Math.min(first, size);
  const end = first === undefined ? size : Math.min(last + 1, size);
  return { offset: start, length: Math.max(0, end - start) };
}

/** @throws RequestError `invalid_request` for a range that starts beyond the end */
export function checkOffset(size: number, { offset }: ByteRange): void {
  if (offset <= size) return;
  const message = `Expected an integer from 0 to ${size} for offset but received ${offset}`;
  throw new RequestError('invalid_request', message, { parameter: 'offset' });
}

/**
 * Cuts the requested range out of a whole image.
 * @throws RequestError `invalid_request` for a range that starts beyond the end
 */
export function cutRange(image: Buffer, request: LaneRequest<'retrieve'>): { offset: number; bytes: Buffer } {
  const part = resolveByteRange(image.length, request);
  checkOffset(image.length, part);
  const { offset, length } = part;
  return { offset, bytes: image.subarray(offset, offset + length) };
}
