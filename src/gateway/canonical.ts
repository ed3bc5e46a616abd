import { canonicalParameters, type Parameters } from '../contract/parameters.ts';

const known = new WeakMap<Parameters, string>();

/** As `canonicalParameters`, and once for each object: one that was read from a query string comes again with the next request. */
export function canonicalOnce(parameters: Parameters): string {
  const text = known.get(parameters) ?? canonicalParameters(parameters);
  known.set(parameters, text);
  return text;
}
