import { apply, type Canvas, changePixels, compute, split } from '../canvas.ts';
import { checkResult, isStrategy } from '../check-job.ts';
import type { Job } from '../job.ts';
import { type Area, cutArea, marginsOf, outputSize, type Size } from '../output-size.ts';
import { openPixels, type Pixels } from '../pixels.ts';
import { scalePixels } from '../scale-pixels.ts';
import { areFramesWhole } from '../webp-frames.ts';
import type { Step } from './step.ts';

/** `contain` bars come after the effects. */
export const resize = {
  parameters: ['width', 'height', 'dpr', 'fit', 'position', 'focus', 'enlarge', 'gamma'],
  async run(canvas, job) {
    checkResult(job, canvas.size);
    const { parameters } = job;
    const margins = marginsOf(parameters, canvas.size);
    if (parameters.width === undefined && parameters.height === undefined) return { ...canvas, margins };
    const { scaled, ...size } = outputSize(parameters, canvas.size);
    const isCut = size.width < scaled.width || size.height < scaled.height;
    const resized = await scale(canvas, job, scaled);
    // sharp would turn before scaling, and not shrink while it decodes.
    const whole = isCut && job.source.orientation !== 1 ? await compute(resized) : resized;
    const area = isCut ? await findArea(whole, job, size) : undefined;
    const cut = async (from: Canvas) =>
      area === undefined ? from : apply(from, 'cut', (image) => image.extract(area), size);
    const { turned } = canvas;
    const mask = turned?.mask && (await cut(await scale(turned.mask, job, scaled)));
    return { ...(await cut(whole)), margins, turned: turned && { mask } };
  },
} as const satisfies Step;

/** Scaled in 16 bits for transparent edges. */
const maxPrecisePixels = 1_048_576;

async function scale(canvas: Canvas, job: Job, size: Size): Promise<Canvas> {
  const { source } = job;
  const { gamma } = job.parameters;
  const { width, height } = canvas.size;
  // SVGs are drawn at their size.
  const isPrecise =
    canvas.hasAlpha && canvas.frames === 1 && width * height <= maxPrecisePixels && source.format !== 'svg';
  if (gamma !== undefined || isPrecise) {
    return changePixels(canvas, (pixels) => scalePixels(pixels, size, gamma), 'each');
  }
  // sharp turns after scaling, and enlarges mirrored images half a pixel off.
  const isEnlarged = size.width > width || size.height > height;
  const upright = isEnlarged && canvas.last === 'turn' ? await compute(canvas) : canvas;
  // sharp would mix rows of stacked frames.
  const from = canvas.frames > 1 && !isScaledByDecoder(canvas, job, size) ? await split(upright) : upright;
  // With one side, sharp rounds twice after shrink-on-load.
  return apply(from, 'resize', (image) => image.resize({ width: size.width, height: size.height, fit: 'fill' }), size);
}

/**
 * libwebp scales frame by frame, by the smaller of both ratios (`shouldPreShrink` in pipeline.cc); libvips leaves it to
 * sharp where a frame is smaller than the canvas.
 */
function isScaledByDecoder({ isDecoded, last }: Canvas, { source }: Job, size: Size): boolean {
  if (source.format !== 'webp' || isDecoded || last !== 'open') return false;
  const shrink = Math.min(source.width / size.width, source.height / size.height);
  const isDone = shrink > 1 && Math.round(source.height * (1 / shrink)) === size.height;
  return isDone && areFramesWhole(source.bytes, source);
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
