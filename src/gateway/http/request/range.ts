import type { LaneRequest } from '../../../contract/lane.ts';

type LaneRange = NonNullable<LaneRequest<'retrieve'>['range']>;

/**
 * Parses a Range header with a single range (RFC 9110, 14.1.2). A position may be larger than any image, such as the
 * largest 64-bit integer for the end.
 * @returns undefined for a header to be ignored, such as several ranges or another unit
 */
export function parseRange(header: string): LaneRange | undefined {
  const [, list = ''] = /^bytes=(.*)$/i.exec(header) ?? [];
  // A list may have empty elements (5.6.1).
  const [range = '', ...others] = list.split(',').flatMap((item) => item.trim() || []);
  if (others.length > 0) return undefined;
  const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(range) ?? [];
  if (first === '') return last === '' ? undefined : { last: position(last) };
  if (last === '') return { first: position(first) };
  return position(last) < position(first) ? undefined : { first: position(first), last: position(last) };
}

/** Clamped to an integer that JSON and arithmetic keep exact. */
const position = (digits: string) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
