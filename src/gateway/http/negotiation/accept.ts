/** Weights by media range in lower case, in the order of the header (RFC 9110, 12.5.1). */
export function weightsOf(accept: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [range = '', ...options] = item.split(';').map((part) => part.trim().toLowerCase());
    const q = options.find((option) => option.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    weights.set(range, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}

/** The most specific range that a media type is in. */
export function rangeOf(mediaType: string, weights: ReadonlyMap<string, number>): string | undefined {
  const [type] = mediaType.split('/');
  return [mediaType, `${type}/*`, '*/*'].find((range) => weights.has(range));
}
