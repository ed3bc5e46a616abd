import { formats, outputFormatNames } from '../../../contract/formats.ts';
import type { AcceptedFormat } from '../../../contract/lane.ts';
import { memoize } from '../../memoize.ts';
import { matchingRange, parseAccept } from './accept.ts';

/** Longest header that is memoized, in characters; browsers send about a hundred. */
const maxMemoizedLength = 512;
const maxEntries = 1024;

const parseOnce = memoize(maxEntries, parse);

/** The output formats that Accept allows; the most specific range wins (RFC 9110, 12.5.1). */
export function acceptedFormats(accept = ''): readonly AcceptedFormat[] {
  return accept.length <= maxMemoizedLength ? parseOnce(accept) : parse(accept);
}

function parse(accept: string): AcceptedFormat[] {
  const weights = parseAccept(accept);
  return outputFormatNames.flatMap((format) => {
    const { mediaType } = formats[format];
    const range = matchingRange(mediaType, weights);
    const weight = range === undefined ? 0 : (weights.get(range) ?? 0);
    return weight > 0 ? [{ format, weight, named: range === mediaType }] : [];
  });
}
