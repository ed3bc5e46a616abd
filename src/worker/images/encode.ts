import { RequestError } from '../../contract/errors.ts';
import { type Canvas, compute, join } from './canvas.ts';
import { encodeAs, isFullColourPng, paletteCompressionLevel, type QualityLevel, qualityLadder } from './codecs.ts';
import { exifAdder, openWithMetadata } from './metadata/add-metadata.ts';
import { type KeptMetadata, keptMetadata } from './metadata/kept-metadata.ts';
import type { Pixels } from './pixels.ts';
import type { Plan } from './plan.ts';
import { compactPng } from './png/compact.ts';
import type { Sharp } from './sharp.ts';
import { markUnpaintedCanvas } from './webp/alpha-flag.ts';

export interface Encoded {
  bytes: Buffer;
  width: number;
  /** Height of one frame. */
  height: number;
}

type Encoder = (level: QualityLevel) => Promise<Encoded>;

/**
 * Encodes the result in sRGB without a colour profile.
 * @throws RequestError `invalid_request` if no quality fits `max_bytes`
 */
export async function encode(canvas: Canvas, plan: Plan): Promise<Encoded> {
  const encoder = await createEncoder(await join(canvas), plan);
  const { max_bytes: maxBytes } = plan.parameters;
  return maxBytes === undefined ? encoder({}) : encodeWithin(encoder, plan, maxBytes);
}

async function createEncoder(canvas: Canvas, plan: Plan): Promise<Encoder> {
  const addExif = exifAdder(plan);
  const isPng = plan.format === 'png';
  const input = isPng || plan.parameters.max_bytes !== undefined ? await compute(canvas) : canvas;
  const kept = keptMetadata(plan, input.size);
  const open = await createOpener(input, plan, addExif === undefined ? kept : undefined);
  return async (level) => {
    const encodeImage = (image: Sharp) =>
      withXmp(encodeAs(image, plan, level), isPng ? undefined : kept?.xmp).toBuffer();
    const bytes = await plan.stages.run(input.isDecoded ? 'encode' : 'pipeline', () =>
      isPng && isFullColourPng(plan, level) ? encodePng(input, plan, encodeImage) : encodeImage(open()),
    );
    // sharp reports a wrong size for an image that it crops and then extends.
    const { width, height } = input.size;
    if (plan.format === 'webp' && plan.frames > 1 && input.hasAlpha) markUnpaintedCanvas(bytes, input.size);
    return { bytes: kept === undefined || addExif === undefined ? bytes : addExif(bytes, kept), width, height };
  };
}

/** Opens the image to encode. sharp takes EXIF data from a file only, so it is embedded in a PNG of the pixels. */
async function createOpener(canvas: Canvas, plan: Plan, kept: KeptMetadata | undefined): Promise<() => Sharp> {
  const image = (canvas.images[0] as Sharp).toColourspace(plan.isDeep ? 'rgb16' : 'srgb');
  // sharp is slow to clone an image; only repeated encoding needs it.
  if (kept?.exif === undefined) return plan.parameters.max_bytes === undefined ? () => image : () => image.clone();
  const png = await image.png({ compressionLevel: 0 }).toBuffer();
  return () => openWithMetadata(png, kept);
}

function withXmp(image: Sharp, xmp: Buffer | undefined): Sharp {
  return xmp === undefined ? image : image.withXmp(xmp.toString());
}

async function encodePng(
  { pixels: [pixels] = [] }: Canvas,
  plan: Plan,
  encodeImage: (image: Sharp) => Promise<Buffer>,
): Promise<Buffer> {
  const compact = await compactPng(
    pixels as Pixels,
    plan.parameters.progressive === true ? undefined : paletteCompressionLevel(plan),
  );
  return Buffer.isBuffer(compact) ? compact : encodeImage(compact);
}

/** Binary search for the best quality that fits. */
async function encodeWithin(encoder: Encoder, plan: Plan, maxBytes: number): Promise<Encoded> {
  const levels = qualityLadder(plan);
  let best: Encoded | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (let low = 0, high = levels.length - 1; low <= high; ) {
    // Starts with the best, which often fits.
    const middle = high === levels.length - 1 ? high : Math.floor((low + high) / 2);
    const encoded = await encoder(levels[middle] as QualityLevel);
    smallest = Math.min(smallest, encoded.bytes.length);
    if (encoded.bytes.length <= maxBytes) {
      best = encoded;
      low = middle + 1;
    } else high = middle - 1;
  }
  if (best !== undefined) return best;
  throw new RequestError(
    'invalid_request',
    `Expected at least ${smallest} bytes for max_bytes, the size of this image in ${plan.format} at the lowest quality, but received ${maxBytes}`,
    { parameter: 'max_bytes', stage: 'encode' },
  );
}
