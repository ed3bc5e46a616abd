import { numbersOf } from '../../../contract/text-format.ts';
import { apply, type Canvas } from '../canvas.ts';
import { checkResult } from '../check-job.ts';
import type { Job } from '../job.ts';
import { type Area, outputSize, type Size } from '../output-size.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

export const resize = {
  parameters: ['width', 'height', 'fit', 'position', 'focus', 'enlarge', 'background', 'gamma'],
  async run(canvas, job) {
    checkResult(job, canvas.size);
    const { width, height, gamma } = job.parameters;
    if (width === undefined && height === undefined) return canvas;
    const scaled = await scale(canvas, job);
    if (gamma === undefined) return scaled;
    return { ...scaled, images: scaled.images.map((image) => image.gamma(gamma)), last: 'gamma' };
  },
} as const satisfies Step;

async function scale(canvas: Canvas, { parameters, background }: Job): Promise<Canvas> {
  const { width, height, fit = 'cover', position = 'center', focus, enlarge = true } = parameters;
  const { scaled, ...size } = outputSize(parameters, canvas.size);
  const isBoxed = width !== undefined && height !== undefined && (fit === 'cover' || fit === 'contain');
  // Both sides explicit: with one, sharp rounds twice where the decoder shrinks on load.
  const toScaled = (image: Sharp) => image.resize({ ...scaled, fit: 'fill' });
  if (!isBoxed) return apply(canvas, 'resize', toScaled, scaled);
  if (focus !== undefined) {
    return apply(
      await apply(canvas, 'resize', toScaled, scaled),
      'cut',
      (image) => image.extract(focusedArea(focus, scaled, size)),
      size,
    );
  }
  const options = {
    width,
    height,
    fit,
    position: position === 'center' ? 'centre' : position,
    withoutEnlargement: !enlarge,
    background,
  } as const;
  return apply(canvas, 'resize', (image) => image.resize(options), size);
}

/** The area of a size with its centre as close to the focus as the edges allow. */
function focusedArea(focus: string, scaled: Size, { width, height }: Size): Area {
  const [x = 0, y = 0] = numbersOf(focus);
  const start = (at: number, whole: number, part: number) =>
    Math.min(whole - part, Math.max(0, Math.round(at * whole - part / 2)));
  return { left: start(x, scaled.width, width), top: start(y, scaled.height, height), width, height };
}
