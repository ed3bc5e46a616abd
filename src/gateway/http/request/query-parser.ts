import { parse } from 'node:querystring';
import { memoize } from '../../memoize.ts';

const maxLength = 256;
const maxEntries = 4096;

export type ParsedQuery = Readonly<Record<string, string | string[]>>;

/** Same text, same frozen object: derived values can be memoized. */
export function createQueryParser(): (text: string) => ParsedQuery {
  const parseFrozen = (text: string) => Object.freeze(parse(text)) as ParsedQuery;
  const parseOnce = memoize(maxEntries, parseFrozen);
  return (text) => (text.length <= maxLength ? parseOnce(text) : parseFrozen(text));
}
