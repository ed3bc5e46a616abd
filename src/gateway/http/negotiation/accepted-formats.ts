import { formats, outputFormatNames } from '../../../contract/formats.ts';
import type { AcceptedFormat } from '../../../contract/lane.ts';
import { memoize } from '../../memoize.ts';
import { rangeOf, weightsOf } from './accept.ts';

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
    const range = rangeOf(mediaType, weights);
    const weight = range === undefined ? 0 : (weights.get(range) ?? 0);
    return weight > 0 ? [{ format, weight, named: range === mediaType }] : [];
  });
}
