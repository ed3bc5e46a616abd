import { apply, type Canvas, changePixels, compute } from '../canvas.ts';
import { checkResult, isStrategy } from '../check-job.ts';
import type { Job } from '../job.ts';
import { inLinearLight } from '../linear-light.ts';
import { type Area, cutArea, marginsOf, outputSize, type Size } from '../output-size.ts';
import { openPixels, type Pixels } from '../pixels.ts';
import type { Sharp } from '../sharp.ts';
import type { Step } from './step.ts';

/** Scales and cuts; the bars of `contain` are added after the effects. */
export const resize = {
  parameters: ['width', 'height', 'dpr', 'fit', 'position', 'focus', 'enlarge', 'gamma'],
  async run(canvas, job) {
    checkResult(job, canvas.size);
    const { parameters } = job;
    const margins = marginsOf(parameters, canvas.size);
    if (parameters.width === undefined && parameters.height === undefined) return { ...canvas, margins };
    const { scaled, ...size } = outputSize(parameters, canvas.size);
    const whole = await scale(canvas, scaled, parameters.gamma);
    const isCut = size.width < scaled.width || size.height < scaled.height;
    const area = isCut ? await findArea(whole, job, size) : undefined;
    const cut = async (from: Canvas) =>
      area === undefined ? from : apply(from, 'cut', (image) => image.extract(area), size);
    const { turned } = canvas;
    const mask = turned?.mask && (await cut(await scale(turned.mask, scaled, undefined)));
    return { ...(await cut(whole)), margins, turned: turned && { mask } };
  },
} as const satisfies Step;

async function scale(canvas: Canvas, size: Size, gamma: number | undefined): Promise<Canvas> {
  // Both sides explicit: with one, sharp rounds twice where the decoder shrinks on load.
  const toSize = (image: Sharp) => image.resize({ width: size.width, height: size.height, fit: 'fill' });
  if (gamma === undefined) return apply(canvas, 'resize', toSize, size);
  return changePixels(canvas, (pixels) => inLinearLight(pixels, gamma, toSize), 'each');
}

async function findArea(canvas: Canvas, { parameters }: Job, size: Size): Promise<Area> {
  const { focus, position } = parameters;
  if (focus !== undefined || !isStrategy(position)) return cutArea(parameters, canvas.size, size);
  const [pixels] = (await compute(canvas)).pixels as [Pixels];
  const { info } = await openPixels(pixels)
    .resize({ ...size, fit: 'cover', position })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { left: Math.abs(info.cropOffsetLeft ?? 0), top: Math.abs(info.cropOffsetTop ?? 0), ...size };
}
