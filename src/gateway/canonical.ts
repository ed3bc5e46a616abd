import { canonicalParameters } from '../contract/parameters.ts';
import { once } from './remember.ts';

/** As `canonicalParameters`, and once for each object: one that was read from a query string comes again with the next request. */
export const canonicalOnce = once(canonicalParameters);
