import { formats, outputFormatNames } from '../../../contract/formats.ts';
import type { AcceptedFormat } from '../../../contract/lane.ts';
import { memoize } from '../../memoize.ts';

/** Characters; browsers send about a hundred. */
const maxLength = 512;
const maxEntries = 1024;

const parseOnce = memoize(maxEntries, parse);

/** RFC 9110, 12.5.1: the most specific range wins. */
export function acceptedFormats(accept = ''): readonly AcceptedFormat[] {
  return accept.length <= maxLength ? parseOnce(accept) : parse(accept);
}

function parse(accept: string): AcceptedFormat[] {
  const weights = weightsOf(accept);
  return outputFormatNames.flatMap((format) => {
    const { mediaType } = formats[format];
    const range = [mediaType, 'image/*', '*/*'].find((one) => weights.has(one));
    const weight = range === undefined ? 0 : (weights.get(range) ?? 0);
    return weight > 0 ? [{ format, weight, named: range === mediaType }] : [];
  });
}

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [range = '', ...options] = item.split(';').map((part) => part.trim().toLowerCase());
    const q = options.find((option) => option.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    weights.set(range, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}
