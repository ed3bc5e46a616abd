import { received } from '../../contract/error-text.ts';
import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import type { ParameterName, Parameters } from '../../contract/parameters.ts';
import { checkAnimation } from './decoding-limits.ts';
import { cropArea, outputSize, paddedSize, rotatedSize, type Size } from './output-size.ts';
import type { Plan } from './plan.ts';

/**
 * Rejects impossible results before any work starts.
 * @throws RequestError `invalid_request`, naming the parameter
 */
export function checkPlan(plan: Plan): void {
  const { parameters, source } = plan;
  checkAnimation(source, plan.frames, plan.maxPixels);
  checkPosition(plan);
  checkTrim(plan);
  const cropped = checkCrop(plan);
  // Otherwise checked after trim, which determines the size.
  if (parameters.trim) return;
  checkRotated(plan, cropped ?? source);
  checkResult(plan, rotatedSize(parameters, cropped ?? source));
}

export function checkRotated(plan: Plan, size: Size): void {
  checkPixels(plan, () => 'rotate', rotatedSize(plan.parameters, size));
}

/**
 * Checks the size of the result and of all intermediate images.
 * @param size after crop, trim and rotate
 */
export function checkResult(plan: Plan, size: Size): void {
  const output = outputSize(plan.parameters, size);
  const padded = paddedSize(plan.parameters, output);
  checkDimensions(plan, output);
  // cover scales before it crops: thin images get huge in between.
  checkPixels(plan, () => parameterToBlame(plan, size), output);
  checkPixels(plan, () => parameterToBlame(plan, size), output.scaled);
  checkDimensions(plan, padded, 'pad');
  checkPixels(plan, () => 'pad', padded);
}

function checkPosition({ parameters: { width, height, position, focus, fit = 'cover' }, frames }: Plan): void {
  if (width === undefined || height === undefined) return;
  if (focus !== undefined) {
    if (fit === 'cover') return;
    throw invalid('focus', `Expected fit cover with focus but received fit ${fit}`);
  }
  if (!isStrategy(position)) return;
  if (fit === 'contain') {
    throw invalid(
      'position',
      `Expected center or a side for position with fit contain but received ${received(position)}`,
    );
  }
  if (frames > 1) {
    throw invalid(
      'position',
      `Expected center or a side for position of an animation but received ${received(position)}`,
    );
  }
}

/** Whether the position depends on the content, which works for `cover` of a still image only. */
export function isStrategy(position: Parameters['position']): position is 'entropy' | 'attention' {
  return position === 'entropy' || position === 'attention';
}

function checkTrim({ parameters: { trim = false }, frames }: Plan): void {
  if (!trim || frames === 1) return;
  throw invalid(
    'trim',
    `Expected no trim of an animation, whose frames it would crop differently, but received ${received(trim)}; animated=false selects the first frame`,
  );
}

function checkCrop({ parameters: { crop }, source }: Plan): Size | undefined {
  if (crop === undefined) return undefined;
  const area = cropArea(crop);
  if (area.left + area.width <= source.width && area.top + area.height <= source.height) return area;
  throw invalid(
    'crop',
    `Expected an area within the ${source.width} x ${source.height} image for crop but received ${received(crop)}`,
  );
}

/** Parameter to name in the error about too many pixels. */
function parameterToBlame({ parameters, frames, maxPixels }: Plan, size: Size): ParameterName {
  const { width, height, dpr = 1 } = parameters;
  if (width === undefined && height === undefined) return 'width';
  const withoutDpr = outputSize({ ...parameters, dpr: 1 }, size);
  const fits = [withoutDpr, withoutDpr.scaled].every((area) => area.width * area.height * frames <= maxPixels);
  if (dpr > 1 && fits) return 'dpr';
  return width === undefined ? 'height' : 'width';
}

function checkDimensions({ format, parameters }: Plan, size: Size, cause?: ParameterName): void {
  const { maxDimension } = formats[format];
  for (const side of ['width', 'height'] as const) {
    if (size[side] > maxDimension) {
      const requested = [side, 'width', 'height'].find((name) => parameters[name as 'width' | 'height'] !== undefined);
      const parameter = cause ?? (requested as ParameterName | undefined) ?? 'format';
      throw invalid(
        parameter,
        `Expected a ${side} of at most ${maxDimension} in ${format} but it would be ${size[side]}${cause === undefined ? '' : ` with ${cause}`}`,
      );
    }
  }
}

function checkPixels({ frames, maxPixels }: Plan, toBlame: () => ParameterName, { width, height }: Size): void {
  if (width * height * frames <= maxPixels) return;
  const parameter = toBlame();
  const actual = `${width} x ${height}${frames > 1 ? ` x ${frames} frames` : ''}`;
  throw invalid(parameter, `Expected a ${parameter} that gives at most ${maxPixels} pixels but it would be ${actual}`);
}

function invalid(parameter: ParameterName, message: string): RequestError {
  return new RequestError('invalid_request', message, { parameter });
}
