import { parse } from 'node:querystring';
import { remember } from '../remember.ts';

/** Longest query string that is kept, in characters; with the number of entries it bounds what strangers can have kept. */
const maxLength = 256;
const maxEntries = 4096;

export type ParsedQuery = Readonly<Record<string, string | string[]>>;

/**
 * Splits query strings, and gives the same object for the same text:
 * pages ask for the same few sizes all the time, and what follows from an object can be remembered along with it.
 */
export function createQueryParser(): (text: string) => ParsedQuery {
  const split = (text: string) => Object.freeze(parse(text)) as ParsedQuery;
  const splitOnce = remember(maxEntries, split);
  return (text) => (text.length <= maxLength ? splitOnce(text) : split(text));
}
