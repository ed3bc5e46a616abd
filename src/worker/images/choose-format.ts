import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { estimateEncodingMs } from './encoding-time.ts';
import { cropArea, outputSize, paddedSize, rotatedSize, type Size } from './output-size.ts';
import type { SourceImage } from './source-image.ts';

/** Chosen only if the client names them; best first for equal weights. */
const modernFormats = ['avif', 'webp'] as const;

/** Alternatives to a source format that the client excludes; most widely supported first. */
const fallbacks: readonly OutputFormat[] = ['webp', 'png', 'jpeg', 'gif', 'avif', 'tiff'];

/** Longest estimated encoding time of an optional format; a quarter of the default request timeout. */
const maxEncodingMs = 2500;

type Source = Pick<SourceImage, 'format' | 'frames' | 'hasAlpha' | keyof Size>;

/**
 * Resolves `format: auto`: to AVIF or WebP if the client names it (clients that know neither send `image/*` too), or to
 * the source's format if that weighs more or neither is named. Skips formats that cannot hold the frames or size, and
 * AVIF or WebP that would take too long. If the client excludes the source's format, the acceptable one of highest
 * weight is chosen, if there is any.
 * @param parameters presets already expanded
 */
export function chooseFormat(accept: readonly AcceptedFormat[], source: Source, parameters: Parameters): OutputFormat {
  const { lossless = false } = parameters;
  const defaultFormat = defaultOutputFormat(source.format);
  const ownFormat = defaultFormat === 'jpeg' && lossless ? 'png' : defaultFormat;
  const canHold = formatTest(source, parameters);
  const accepted = (format: OutputFormat) => accept.filter((entry) => entry.format === format && canHold(format));
  const preferred = [...modernFormats.flatMap(accepted).filter(({ named }) => named), ...accepted(ownFormat)];
  if (preferred.length > 0) return heaviest(preferred);
  if (canHold(ownFormat) && !isExcluded(accept, ownFormat)) return ownFormat;
  const others = fallbacks.filter((format) => format !== 'jpeg' || !(lossless || source.hasAlpha)).flatMap(accepted);
  return others.length > 0 ? heaviest(others) : ownFormat;
}

/** The first of the highest weight. */
function heaviest([first, ...others]: readonly AcceptedFormat[]): OutputFormat {
  return others.reduce((best, other) => (other.weight > best.weight ? other : best), first as AcceptedFormat).format;
}

/** Only a client that accepts a range of types excludes the others; one that just names formats does not. */
function isExcluded(accept: readonly AcceptedFormat[], format: OutputFormat): boolean {
  return accept.some(({ named }) => !named) && !accept.some((accepted) => accepted.format === format);
}

/** Tests whether a format can hold the result and is encoded in time. */
function formatTest(source: Source, parameters: Parameters): (format: OutputFormat) => boolean {
  const { animated = true, page } = parameters;
  const isAnimated = source.frames > 1 && formats[source.format].animation && animated && page === undefined;
  const { width, height } = resultSize(source, parameters);
  const frames = isAnimated ? source.frames : 1;
  return (format) => {
    if (isAnimated && !formats[format].animation) return false;
    // With trim, the size is an upper bound.
    if (width > formats[format].maxDimension || height > formats[format].maxDimension) return false;
    return !(estimateEncodingMs(format, width * height * frames, parameters) > maxEncodingMs);
  };
}

function resultSize(source: Size, parameters: Parameters): Size {
  const cropped = parameters.crop === undefined ? source : cropArea(parameters.crop);
  return paddedSize(parameters, outputSize(parameters, rotatedSize(parameters, cropped)));
}
