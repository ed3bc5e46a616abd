import { cropArea, outputSize, rotatedSize, type Size } from '../output-size.ts';
import type { Plan } from '../plan.ts';
import { sharp } from '../sharp.ts';
import { canBeTrimmed } from '../steps/trim.ts';
import { scaleSvg } from './size.ts';

/**
 * Enlarges an SVG, or its crop, to be rendered at the output size instead of being scaled up as pixels.
 * @returns other plans as is
 */
export async function renderAtOutputSize(plan: Plan): Promise<Plan> {
  const { source, parameters, maxPixels } = plan;
  if (source.format !== 'svg') return plan;
  const { crop, ...rest } = parameters;
  const isBoxed = parameters.width !== undefined && parameters.height !== undefined;
  // The side that is not given would grow too.
  if (parameters.trim && parameters.fit === 'fill' && !isBoxed) return plan;
  const region = crop === undefined ? undefined : cropArea(crop);
  const area = region ?? source;
  const bytes = region === undefined ? source.bytes : scaleSvg(source.bytes, area, region);
  const trimmed = parameters.trim ? await trimmedSize(bytes, area, parameters.trim_threshold) : area;
  const rotated = rotatedSize(parameters, trimmed);
  const { scaled } = outputSize(parameters, rotated);
  const neededScale = Math.max(scaled.width / rotated.width, scaled.height / rotated.height);
  const scale = Math.min(neededScale, Math.sqrt(maxPixels / (area.width * area.height)));
  if (scale <= 1) return plan;
  const size = { width: Math.round(area.width * scale), height: Math.round(area.height * scale) };
  const remaining = isBoxed || parameters.trim ? rest : ({ ...rest, ...scaled, fit: 'fill', dpr: 1 } as const);
  return {
    ...plan,
    parameters: remaining,
    source: { ...source, ...size, bytes: scaleSvg(source.bytes, size, region) },
  };
}

/** The size after trim, which is known only by rendering. */
async function trimmedSize(bytes: Buffer, area: Size, threshold: number | undefined): Promise<Size> {
  if (!canBeTrimmed(area, true)) return area;
  const image = sharp(bytes).trim({ lineArt: true, ...(threshold === undefined ? {} : { threshold }) });
  return (await image.raw().toBuffer({ resolveWithObject: true })).info;
}
