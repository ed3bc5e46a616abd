import { parse } from 'node:querystring';
import { memoize } from '../../memoize.ts';

const maxMemoizedLength = 256;
const maxEntries = 4096;

export type ParsedQuery = Readonly<Record<string, string | string[]>>;

/**
 * Creates a parser that returns the same frozen object for the same short text while that is memoized, as a key to
 * memoize derived values by.
 */
export function createQueryParser(): (text: string) => ParsedQuery {
  // Without `maxKeys`, whatever follows 1000 separators would be ignored.
  const parseFrozen = (text: string) => Object.freeze(parse(text, '&', '=', { maxKeys: 0 })) as ParsedQuery;
  const parseOnce = memoize(maxEntries, parseFrozen);
  return (text) => (text.length <= maxMemoizedLength ? parseOnce(text) : parseFrozen(text));
}
