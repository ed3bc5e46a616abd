import { defaultTrimThreshold } from '../../../contract/geometry-parameters.ts';
import { apply, compute } from '../canvas.ts';
import { checkTurned } from '../check-job.ts';
import type { Area } from '../output-size.ts';
import { openPixels, type Pixels, toEightBits } from '../pixels.ts';
import type { Step } from './step.ts';

export const trim = {
  parameters: ['trim', 'trim_threshold'],
  async run(canvas, job) {
    const { trim = false, trim_threshold: threshold = defaultTrimThreshold } = job.parameters;
    const { width, height } = canvas.size;
    // libvips compares 3 x 3 blocks and fails without one.
    if (!trim || width < 3 || height < 3) return canvas;
    const from = await compute(canvas);
    const area = await findContent(from.pixels?.[0] as Pixels, threshold);
    const { left, top, ...size } = area;
    checkTurned(job, size);
    return apply(from, 'crop', (image) => image.extract({ left, top, ...size }), size);
  },
} as const satisfies Step;

async function findContent(pixels: Pixels, threshold: number): Promise<Area> {
  const { info } = await openPixels(pixels.data instanceof Uint16Array ? toEightBits(pixels, 257) : pixels)
    .trim({ threshold })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, trimOffsetLeft = 0, trimOffsetTop = 0 } = info;
  return { left: Math.abs(trimOffsetLeft), top: Math.abs(trimOffsetTop), width, height };
}
