import { RequestError } from '../../contract/errors.ts';
import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import { type Parameters, withDpr } from '../../contract/parameters.ts';
import { type Colour, parseColour } from './colour.ts';
import type { SourceImage } from './inspect.ts';

/** Input of the pipeline: the source, the parameters, and what follows from both. */
export interface Job {
  source: SourceImage;
  /** With dpr multiplied into width and height. */
  parameters: Parameters;
  dpr: number;
  format: OutputFormat;
  frames: number;
  /** The only frame to read; undefined for the first or all. */
  page: number | undefined;
  /** Opaque where the format has no alpha. */
  background: Colour;
  hasAlpha: boolean;
  /** Most pixels of the result and of any intermediate image, all frames together. */
  maxPixels: number;
  watermark: SourceImage | undefined;
}

export interface JobOptions {
  maxPixels: number;
  watermark?: SourceImage | undefined;
}

/** @throws RequestError for `format: auto` without accepted formats, and for lossless jpeg */
export function createJob(source: SourceImage, parameters: Parameters, { maxPixels, watermark }: JobOptions): Job {
  const format = formatOf(source, parameters);
  const { alpha, animation } = formats[format];
  const { page, animated = true, dpr = 1 } = parameters;
  const isAnimated = formats[source.format].animation && animation && animated && page === undefined;
  const colour = parseColour(parameters.background ?? 'black');
  const background = alpha ? colour : { ...colour, alpha: 1 };
  return {
    source,
    parameters: withDpr(parameters),
    dpr,
    format,
    frames: isAnimated ? source.frames : 1,
    page,
    background,
    hasAlpha: alpha && (source.hasAlpha || background.alpha < 1),
    maxPixels,
    watermark,
  };
}

function formatOf(source: SourceImage, { format, lossless }: Parameters): OutputFormat {
  if (format === 'auto') {
    throw new RequestError(
      'invalid_request',
      'Expected the name of a format but received "auto", which is for HTTP, where the header Accept says what the client takes',
      { parameter: 'format' },
    );
  }
  const chosen = format ?? defaultOutputFormat(source.format);
  if (chosen === 'jpeg' && lossless) {
    throw new RequestError(
      'invalid_request',
      'Expected lossless with a format that can be so, such as webp or png, but the result would be jpeg',
      { parameter: 'lossless' },
    );
  }
  return chosen;
}
