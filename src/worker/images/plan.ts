import { colourParameters } from '../../contract/colour-parameters.ts';
import { RequestError } from '../../contract/errors.ts';
import { defaultOutputFormat, formats, type OutputFormat } from '../../contract/formats.ts';
import { normalizeAngle } from '../../contract/geometry-parameters.ts';
import { effectiveParameters, type ParameterName, type Parameters } from '../../contract/parameters.ts';
import { Stages } from '../stages.ts';
import { type Colour, parseColour } from './colour.ts';
import type { SourceImage } from './source-image.ts';

export interface Plan {
  source: SourceImage;
  /** Without those that have no effect. */
  parameters: Parameters;
  format: OutputFormat;
  frames: number;
  /** The only frame to read; undefined for the first or for all. */
  page: number | undefined;
  /** Opaque if the format has no alpha channel. */
  background: Colour;
  hasAlpha: boolean;
  isDeep: boolean;
  /** Limit of the result and of every intermediate image, all frames together. */
  maxPixels: number;
  watermark: SourceImage | undefined;
  /** Path of a decoded level to start from instead of the source's bytes. */
  level?: string;
  stages: Stages;
}

export interface PlanOptions {
  maxPixels: number;
  watermark?: SourceImage | undefined;
  stages?: Stages;
}

/**
 * Resolves defaults: format, frames, background and depth of the result.
 * @throws RequestError `invalid_request` for unresolved `format: auto`, and for lossless jpeg
 */
export function createPlan(
  source: SourceImage,
  requested: Parameters,
  { maxPixels, watermark, stages = new Stages() }: PlanOptions,
): Plan {
  // The result cache is keyed by these alone.
  const parameters = effectiveParameters(requested);
  const format = formatOf(source, parameters);
  const { alpha, animation } = formats[format];
  const { page, animated = true } = parameters;
  const isAnimated = formats[source.format].animation && animation && animated && page === undefined;
  const colour = parseColour(parameters.background ?? 'white');
  const background = alpha ? colour : { ...colour, alpha: 1 };
  return {
    source,
    parameters,
    format,
    frames: isAnimated ? source.frames : 1,
    page,
    background,
    hasAlpha: alpha && (source.hasAlpha || background.alpha < 1),
    isDeep: source.isDeep && keepsDepth(format, parameters),
    maxPixels,
    watermark,
    stages,
  };
}

/** Parameters whose steps work in 8 bits only. */
const eightBitParameters = [
  ...(Object.keys(colourParameters) as (keyof typeof colourParameters)[]),
  'watermark',
] as const satisfies readonly ParameterName[];

function keepsDepth(format: OutputFormat, parameters: Parameters): boolean {
  if (format !== 'png' && format !== 'tiff') return false;
  const isRightAngle = normalizeAngle(parameters.rotate ?? 0) % 90 === 0;
  return (
    parameters.lossless === true && isRightAngle && eightBitParameters.every((name) => parameters[name] === undefined)
  );
}

function formatOf(source: SourceImage, { format, lossless }: Parameters): OutputFormat {
  if (format === 'auto') {
    throw new RequestError(
      'invalid_request',
      'Expected the name of a format but received "auto", which works over HTTP only, where the Accept header names the formats that the client accepts',
      { parameter: 'format' },
    );
  }
  const chosen = format ?? defaultOutputFormat(source.format);
  if (chosen === 'jpeg' && lossless) {
    throw new RequestError(
      'invalid_request',
      'Expected lossless with a format that supports it, such as webp or png, but the result would be jpeg',
      { parameter: 'lossless' },
    );
  }
  return chosen;
}
