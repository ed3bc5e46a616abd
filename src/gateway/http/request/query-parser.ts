import { parse } from 'node:querystring';
import { memoize } from '../../memoize.ts';

/** Longest query string that is memoized, in characters; with the number of entries it bounds the memory. */
const maxLength = 256;
const maxEntries = 4096;

export type ParsedQuery = Readonly<Record<string, string | string[]>>;

/**
 * Creates a parser of query strings that returns the same frozen object for the same text: pages ask for few sizes over
 * and over, and what is derived from such an object can be memoized with it.
 */
export function createQueryParser(): (text: string) => ParsedQuery {
  const parseFrozen = (text: string) => Object.freeze(parse(text)) as ParsedQuery;
  const parseOnce = memoize(maxEntries, parseFrozen);
  return (text) => (text.length <= maxLength ? parseOnce(text) : parseFrozen(text));
}
