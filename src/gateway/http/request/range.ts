import type { LaneRequest } from '../../../contract/lane.ts';

type LaneRange = NonNullable<LaneRequest<'retrieve'>['range']>;

/**
 * A single range (RFC 9110, 14.1.2).
 * @returns undefined if the header is to be ignored
 */
export function parseRange(header: string): LaneRange | undefined {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header) ?? [];
  if (first === '') return last === '' ? undefined : { last: Number(last) };
  if (last === '') return { first: Number(first) };
  return Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) };
}
