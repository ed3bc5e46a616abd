/**
 * How much a client wants a media type, by its header Accept (RFC 9110, 12.5.1): the weight of the most specific range that fits.
 * @returns 0 to 1; undefined where no range fits
 */
export function weightOf(accept: string, mediaType: string): { weight: number; isNamed: boolean } | undefined {
  const [kind] = mediaType.split('/');
  const ranges = parse(accept);
  for (const range of [mediaType, `${kind}/*`, '*/*']) {
    const weight = ranges.get(range);
    if (weight !== undefined) return { weight, isNamed: range === mediaType };
  }
  return undefined;
}

function parse(accept: string): Map<string, number> {
  const ranges = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [range = '', ...options] = item.split(';').map((part) => part.trim().toLowerCase());
    const q = options.find((option) => option.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    // A weight that is none has the client take the type no more than it says: not at all.
    ranges.set(range, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return ranges;
}
