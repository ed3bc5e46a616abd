import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { estimatedMs } from './encoding-time.ts';
import { cropArea, outputSize, paddedSize, type Size, turnedSize } from './output-size.ts';
import type { SourceImage } from './source-image.ts';

/** Only if the client names them; best first for equal weights. */
const modern = ['avif', 'webp'] as const;

/** For a source format that the client excludes; best supported first. */
const fallbacks: readonly OutputFormat[] = ['webp', 'png', 'jpeg', 'gif', 'avif', 'tiff'];

/** Longest encoding in an optional format; a quarter of the default request timeout. */
const maxMs = 2500;

type Source = Pick<SourceImage, 'format' | 'frames' | 'hasAlpha' | keyof Size>;

/**
 * Resolves `format: auto` to AVIF or WebP if the client names it (clients that know neither send `image/*` too), to the
 * source's format if that weighs more or none is named. Skips formats that cannot hold the frames or size, and AVIF or
 * WebP that would take too long. An excluded source format gives way to the heaviest acceptable one, if any.
 * @param parameters presets expanded
 */
export function chooseFormat(accept: readonly AcceptedFormat[], source: Source, parameters: Parameters): OutputFormat {
  const { lossless = false } = parameters;
  const kept = defaultOutputFormat(source.format);
  const own = kept === 'jpeg' && lossless ? 'png' : kept;
  const canHold = holds(source, parameters);
  const accepted = (format: OutputFormat) => accept.filter((one) => one.format === format && canHold(format));
  const preferred = [...modern.flatMap(accepted).filter(({ named }) => named), ...accepted(own)];
  if (preferred.length > 0) return heaviest(preferred);
  if (canHold(own) && !isExcluded(accept, own)) return own;
  const others = fallbacks.filter((format) => format !== 'jpeg' || !(lossless || source.hasAlpha)).flatMap(accepted);
  return others.length > 0 ? heaviest(others) : own;
}

function heaviest([first, ...others]: readonly AcceptedFormat[]): OutputFormat {
  return others.reduce((best, one) => (one.weight > best.weight ? one : best), first as AcceptedFormat).format;
}

/** Only clients that accept a range exclude formats; naming some does not. */
function isExcluded(accept: readonly AcceptedFormat[], format: OutputFormat): boolean {
  return accept.some(({ named }) => !named) && !accept.some((accepted) => accepted.format === format);
}

function holds(source: Source, parameters: Parameters): (format: OutputFormat) => boolean {
  const { animated = true, page } = parameters;
  const isAnimated = source.frames > 1 && formats[source.format].animation && animated && page === undefined;
  const { width, height } = resultSize(source, parameters);
  const frames = isAnimated ? source.frames : 1;
  return (format) => {
    if (isAnimated && !formats[format].animation) return false;
    // An upper bound with trim.
    if (width > formats[format].maxDimension || height > formats[format].maxDimension) return false;
    return !(estimatedMs(format, width * height * frames, parameters) > maxMs);
  };
}

function resultSize(source: Size, parameters: Parameters): Size {
  const cropped = parameters.crop === undefined ? source : cropArea(parameters.crop);
  return paddedSize(parameters, outputSize(parameters, turnedSize(parameters, cropped)));
}
