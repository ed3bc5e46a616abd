import type { LaneRequest } from '../../../contract/lane.ts';

type LaneRange = NonNullable<LaneRequest<'retrieve'>['range']>;

/**
 * Parses a Range header with a single range (RFC 9110, 14.1.2).
 * @returns undefined for a header to be ignored, such as several ranges or another unit
 */
export function parseRange(header: string): LaneRange | undefined {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header) ?? [];
  if (first === '') return last === '' ? undefined : { last: Number(last) };
  if (last === '') return { first: Number(first) };
  return Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) };
}
