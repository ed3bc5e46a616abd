import { numbersOf } from '../../../contract/text-format.ts';
import { ask, type Canvas } from '../canvas.ts';
import { checkResult } from '../check-job.ts';
import type { Job } from '../job.ts';
import { type Area, outputSize, type Size } from '../output-size.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

/** Scales to width and height, and cuts or adds what `fit` asks for. */
export const resize = {
  parameters: ['width', 'height', 'fit', 'position', 'focus', 'enlarge', 'background', 'gamma'],
  async apply(canvas, job) {
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
  // Where the box does not say both sides we do: sharp rounds once more where a decoder shrinks while it loads.
  const exactly = (image: Sharp) => image.resize({ ...scaled, fit: 'fill' });
  if (!isBoxed) return ask(canvas, 'resize', exactly, scaled);
  if (focus !== undefined) {
    return ask(
      await ask(canvas, 'resize', exactly, scaled),
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
  return ask(canvas, 'resize', (image) => image.resize(options), size);
}

/** The area of this size whose middle is as near to the focus as it can be. */
function focusedArea(focus: string, scaled: Size, { width, height }: Size): Area {
  const [x = 0, y = 0] = numbersOf(focus);
  const start = (at: number, whole: number, part: number) =>
    Math.min(whole - part, Math.max(0, Math.round(at * whole - part / 2)));
  return { left: start(x, scaled.width, width), top: start(y, scaled.height, height), width, height };
}
