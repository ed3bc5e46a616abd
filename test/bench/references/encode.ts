import { join } from 'node:path';
import sharp from 'sharp';
import { encodeAs } from '../../../src/worker/images/codecs.ts';
import type { Plan } from '../../../src/worker/images/plan.ts';
import type { Picture } from '../contenders/contender.ts';

/** Encodes with imgwire's settings, so that only the work around the codec differs. */
export function encode(folder: string, { file, width, format, quality }: Picture): Promise<Buffer> {
  const image = sharp(join(folder, file)).autoOrient().resize({ width }).toColourspace('srgb');
  const parameters = quality === undefined ? {} : { quality };
  const plan = { format: format ?? 'jpeg', parameters, frames: 1, hasAlpha: false } as unknown as Plan;
  return encodeAs(image, plan).toBuffer();
}
