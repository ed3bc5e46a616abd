import type { Job } from '../job.ts';
import { cropArea, outputSize, type Size, turnedSize } from '../output-size.ts';
import { sharp } from '../sharp.ts';
import { canBeTrimmed } from '../steps/trim.ts';
import { scaledSvg } from './sized.ts';

/**
 * Draws an SVG or its crop at the final size for the steps before scaling.
 * @returns other jobs as is
 */
export async function drawnLarger(job: Job): Promise<Job> {
  const { source, parameters, maxPixels } = job;
  if (source.format !== 'svg') return job;
  const { crop, ...rest } = parameters;
  const isBoxed = parameters.width !== undefined && parameters.height !== undefined;
  // The kept side would grow too.
  if (parameters.trim && parameters.fit === 'fill' && !isBoxed) return job;
  const region = crop === undefined ? undefined : cropArea(crop);
  const area = region ?? source;
  const bytes = region === undefined ? source.bytes : scaledSvg(source.bytes, area, region);
  const turned = turnedSize(parameters, parameters.trim ? await trimmed(bytes, area, parameters.trim_threshold) : area);
  const { scaled } = outputSize(parameters, turned);
  const needed = Math.max(scaled.width / turned.width, scaled.height / turned.height);
  const scale = Math.min(needed, Math.sqrt(maxPixels / (area.width * area.height)));
  if (scale <= 1) return job;
  const size = { width: Math.round(area.width * scale), height: Math.round(area.height * scale) };
  const asked = isBoxed || parameters.trim ? rest : ({ ...rest, ...scaled, fit: 'fill', dpr: 1 } as const);
  return { ...job, parameters: asked, source: { ...source, ...size, bytes: scaledSvg(source.bytes, size, region) } };
}

/** Known only after drawing. */
async function trimmed(bytes: Buffer, area: Size, threshold: number | undefined): Promise<Size> {
  if (!canBeTrimmed(area, true)) return area;
  const image = sharp(bytes).trim({ lineArt: true, ...(threshold === undefined ? {} : { threshold }) });
  return (await image.raw().toBuffer({ resolveWithObject: true })).info;
}
