import { apply, type Canvas, changePixels, compute, split } from '../canvas.ts';
import { checkResult, isStrategy } from '../check-plan.ts';
import { type Area, coverArea, marginsOf, outputSize, type Size } from '../output-size.ts';
import { openPixels, type Pixels } from '../pixels.ts';
import type { Plan } from '../plan.ts';
import { maxPrecisePixels, pixelScaler } from '../scale-pixels.ts';
import { areFramesFullSize } from '../webp/frames.ts';
import type { Step } from './step.ts';

/** Scales and crops; the bars of `contain` are added after the effects. */
export const resize = {
  parameters: ['width', 'height', 'dpr', 'fit', 'position', 'focus', 'enlarge', 'gamma'],
  async run(canvas, plan) {
    checkResult(plan, canvas.size);
    const { parameters } = plan;
    const margins = marginsOf(parameters, canvas.size);
    if (parameters.width === undefined && parameters.height === undefined) return { ...canvas, margins };
    const { scaled, ...size } = outputSize(parameters, canvas.size);
    const isCropped = size.width < scaled.width || size.height < scaled.height;
    const resized = await scale(canvas, plan, scaled);
    // If sharp cropped as well, it would apply the orientation before scaling, without shrink-on-load.
    const uncropped = isCropped && plan.source.orientation !== 1 ? await compute(resized) : resized;
    const area = isCropped ? await findArea(uncropped, plan, size) : undefined;
    const crop = async (from: Canvas) =>
      area === undefined ? from : apply(from, 'crop after resize', (image) => image.extract(area), size);
    const { emptyCorners } = canvas;
    const mask = emptyCorners?.mask && (await crop(await scale(emptyCorners.mask, plan, scaled)));
    return { ...(await crop(uncropped)), margins, emptyCorners: emptyCorners && { mask } };
  },
} as const satisfies Step;

async function scale(canvas: Canvas, plan: Plan, size: Size): Promise<Canvas> {
  const { source } = plan;
  const { gamma } = plan.parameters;
  const { width, height } = canvas.size;
  // SVGs have been rendered at the output size.
  const isPrecise = canvas.hasAlpha && width * height * canvas.frames <= maxPrecisePixels && source.format !== 'svg';
  if (gamma !== undefined || isPrecise) {
    return changePixels(canvas, pixelScaler(size, gamma), 'each');
  }
  // sharp applies the orientation after scaling, and enlarges mirrored images half a pixel off.
  const isEnlarged = size.width > width || size.height > height;
  const upright = isEnlarged && canvas.lastAction === 'rotate' ? await compute(canvas) : canvas;
  // sharp would mix rows of stacked frames.
  const from = canvas.frames > 1 && !isScaledByDecoder(canvas, plan, size) ? await split(upright) : upright;
  // Both sides are given: with one, sharp rounds twice after shrink-on-load.
  return apply(from, 'resize', (image) => image.resize({ width: size.width, height: size.height, fit: 'fill' }), size);
}

/**
 * Whether libwebp does the scaling, frame by frame and by the smaller of both ratios (`shouldPreShrink` in
 * pipeline.cc). libvips leaves it to sharp if a frame is smaller than the canvas.
 */
function isScaledByDecoder({ isDecoded, lastAction }: Canvas, { source }: Plan, size: Size): boolean {
  if (source.format !== 'webp' || isDecoded || lastAction !== 'open') return false;
  const shrink = Math.min(source.width / size.width, source.height / size.height);
  const isExact = shrink > 1 && Math.round(source.height * (1 / shrink)) === size.height;
  return isExact && areFramesFullSize(source.bytes, source);
}

/** The area to crop to; sharp finds that of `entropy` and `attention`. */
async function findArea(canvas: Canvas, { parameters }: Plan, size: Size): Promise<Area> {
  const { focus, position } = parameters;
  if (focus !== undefined || !isStrategy(position)) return coverArea(parameters, canvas.size, size);
  const [pixels] = (await compute(canvas)).pixels as [Pixels];
  const { info } = await openPixels(pixels)
    .resize({ ...size, fit: 'cover', position })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { left: Math.abs(info.cropOffsetLeft ?? 0), top: Math.abs(info.cropOffsetTop ?? 0), ...size };
}
