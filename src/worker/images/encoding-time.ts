import type { OutputFormat } from '../../contract/formats.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { codecEffort } from './codecs.ts';

/** By codec effort, measured with a photograph on one CPU, as for `codecSettings`. */
const msPerMegapixel: Partial<Record<OutputFormat, readonly number[]>> = {
  avif: [80, 200, 430, 760, 3700],
  webp: [40, 50, 60, 90, 120, 200],
};

/** Lossless time relative to lossy, at 4 megapixels. */
const losslessFactor = 6;

/** Encodings that a search for `max_bytes` counts as. */
const searchFactor = 8;

/** Estimates encoding time in milliseconds; 0 for formats that are fast at any size. */
export function estimateEncodingMs(
  format: OutputFormat,
  pixels: number,
  { effort, lossless = false, max_bytes: maxBytes }: Parameters,
): number {
  const perMegapixel = msPerMegapixel[format]?.[codecEffort(format, effort)] ?? 0;
  const factor = (lossless ? losslessFactor : 1) * (maxBytes === undefined ? 1 : searchFactor);
  return (perMegapixel * factor * pixels) / 1_000_000;
}
