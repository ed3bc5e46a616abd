/** Parses Accept into weights by lowercase media range, in header order (RFC 9110, 12.5.1). */
export function parseAccept(accept: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [range = '', ...options] = item.split(';').map((part) => part.trim().toLowerCase());
    const q = options.find((option) => option.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    weights.set(range, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}

/** The most specific media range that matches a media type. */
export function matchingRange(mediaType: string, weights: ReadonlyMap<string, number>): string | undefined {
  const [type] = mediaType.split('/');
  return [mediaType, `${type}/*`, '*/*'].find((range) => weights.has(range));
}
