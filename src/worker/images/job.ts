import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { type Colour, parseColour } from './colour.ts';
import type { SourceImage } from './inspect.ts';

/** One image on its way through the pipeline: what it is, what is asked for, and what follows from both. */
export interface Job {
  source: SourceImage;
  parameters: Parameters;
  format: OutputFormat;
  /** Frames that are read and written. */
  frames: number;
  /** Opaque where the format has no transparency, so that bars and what lies behind the image look the same. */
  background: Colour;
  /** Whether the result can have transparent parts. */
  hasAlpha: boolean;
}

export function createJob(source: SourceImage, parameters: Parameters): Job {
  const format = parameters.format ?? defaultOutputFormat(source.format);
  const { alpha, animation } = formats[format];
  // libvips keeps frames in one tall strip, which cannot be turned without mixing them up.
  const animated = formats[source.format].animation && animation && source.orientation === 1;
  const colour = parseColour(parameters.background ?? 'black');
  const background = alpha ? colour : { ...colour, alpha: 1 };
  return {
    source,
    parameters,
    format,
    frames: animated ? source.frames : 1,
    background,
    hasAlpha: alpha && (source.hasAlpha || background.alpha < 1),
  };
}
