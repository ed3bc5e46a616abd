/** How much a client wants a media type. */
export interface Wish {
  /** From 0, not at all, to 1. */
  weight: number;
  /** Whether it is named itself, rather than among others by a range such as `image/*`. */
  isNamed: boolean;
}

/** What the header Accept (RFC 9110, 12.5.1) says of a media type: by the most specific range that fits. */
export function wishFor(accept: string, mediaType: string): Wish {
  const [kind] = mediaType.split('/');
  const ranges = parse(accept);
  for (const range of [mediaType, `${kind}/*`, '*/*']) {
    const weight = ranges.get(range);
    if (weight !== undefined) return { weight, isNamed: range === mediaType };
  }
  return { weight: 0, isNamed: false };
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
