import { RequestError } from '../../contract/errors.ts';
import { formats } from '../../contract/formats.ts';
import { received } from '../../contract/validate.ts';
import type { Job } from './job.ts';
import { outputSize, type Size } from './output-size.ts';
import { isStrategy } from './steps/resize.ts';

/**
 * Refuses what cannot be made, before any work is done.
 * @throws RequestError `invalid_request` that names the parameter
 */
export function checkJob(job: Job, maxPixels: number): void {
  checkPosition(job);
  const size = outputSize(job.parameters, job.source);
  checkDimensions(job, size);
  // cover scales first and cuts then: a thin image can be huge in between.
  checkPixels(job, size, maxPixels);
  checkPixels(job, size.scaled, maxPixels);
}

function checkPosition({ parameters: { width, height, position, fit = 'cover' }, frames }: Job): void {
  const isCut = width !== undefined && height !== undefined;
  if (!isCut || !isStrategy(position)) return;
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

function checkDimensions({ format }: Job, size: Size): void {
  const { maxDimension } = formats[format];
  for (const side of ['width', 'height'] as const) {
    if (size[side] > maxDimension) {
      throw invalid(side, `Expected a ${side} of at most ${maxDimension} in ${format} but it would be ${size[side]}`);
    }
  }
}

function checkPixels({ parameters, frames }: Job, { width, height }: Size, maxPixels: number): void {
  if (width * height * frames <= maxPixels) return;
  const came = `${width} x ${height}${frames > 1 ? ` x ${frames} frames` : ''}`;
  const side = parameters.width === undefined && parameters.height !== undefined ? 'height' : 'width';
  throw invalid(side, `Expected a ${side} that gives at most ${maxPixels} pixels but it would be ${came}`);
}

function invalid(parameter: string, message: string): RequestError {
  return new RequestError('invalid_request', message, { parameter });
}
