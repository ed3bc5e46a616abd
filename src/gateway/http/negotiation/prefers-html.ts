import { matchingRange, parseAccept } from './accept.ts';

const html = 'text/html';
const jsonTypes = ['application/json', 'application/problem+json'];

/** Whether Accept names HTML and prefers it to JSON: by weight, then by order. */
export function prefersHtml(accept = ''): boolean {
  const weights = parseAccept(accept);
  const htmlWeight = weights.get(html) ?? 0;
  if (htmlWeight === 0) return false;
  const ranges = [...weights.keys()];
  return jsonTypes.every((type) => {
    const weight = weights.get(matchingRange(type, weights) ?? '') ?? 0;
    const isFirst = weights.has(type) && ranges.indexOf(type) < ranges.indexOf(html);
    return weight < htmlWeight || (weight === htmlWeight && !isFirst);
  });
}
