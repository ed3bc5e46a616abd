import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { estimatedMs } from './encoding-time.ts';
import type { SourceImage } from './inspect.ts';
import { cropArea, outputSize, paddedSize, type Size, turnedSize } from './output-size.ts';

/** Chosen where the client names them. Best first, for equal weights. */
const modern = ['avif', 'webp'] as const;

/** In place of a source's own format that the client excludes: what most clients show first. */
const fallbacks: readonly OutputFormat[] = ['webp', 'png', 'jpeg', 'gif', 'avif', 'tiff'];

/** Longest time for a format that nobody has to take, on a CPU of its own; a quarter of the default request timeout. */
const maxMs = 2500;

type Source = Pick<SourceImage, 'format' | 'frames' | 'hasAlpha' | keyof Size>;

/**
 * Chooses the format for `format: auto`: AVIF or WebP where the client names it, since clients that know neither send
 * `image/*` too, and the source's own where the client prefers that or names none.
 * An animation goes only into formats that can animate, and any result only into one that can hold its size. AVIF and WebP
 * are left out where they would take too long. A source's own format that the client excludes is replaced by the one with the
 * highest weight; where nothing acceptable is left, the source's own stays.
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

/** The first of the highest weight. */
function heaviest([first, ...others]: readonly AcceptedFormat[]): OutputFormat {
  return others.reduce((best, one) => (one.weight > best.weight ? one : best), first as AcceptedFormat).format;
}

/** Whether a client that takes all formats of a range leaves one out. A client that names some alone has not excluded the rest. */
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
    // The size after trim is at most this.
    if (width > formats[format].maxDimension || height > formats[format].maxDimension) return false;
    return !(estimatedMs(format, width * height * frames, parameters) > maxMs);
  };
}

function resultSize(source: Size, parameters: Parameters): Size {
  const cropped = parameters.crop === undefined ? source : cropArea(parameters.crop);
  return paddedSize(parameters, outputSize(parameters, turnedSize(parameters, cropped)));
}
