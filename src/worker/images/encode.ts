import { RequestError } from '../../contract/errors.ts';
import { type Canvas, compute, join } from './canvas.ts';
import { encodeAs, isFullColourPng, paletteCompressionLevel, type QualityLevel, qualityLadder } from './codecs.ts';
import { withExifItem } from './metadata/add-avif-exif.ts';
import { metadataAdders } from './metadata/add-metadata.ts';
import { withoutDensity } from './metadata/add-png-metadata.ts';
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
  const isPng = plan.format === 'png';
  const input = isPng || plan.parameters.max_bytes !== undefined ? await compute(canvas) : canvas;
  const kept = keptMetadata(plan, input.size);
  const open = createOpener(input, plan);
  return async (level) => {
    const encodeImage = (image: Sharp) => withMetadata(encodeAs(image, plan, level), plan, kept).toBuffer();
    const bytes = await plan.stages.run(input.isDecoded ? 'encode' : 'pipeline', () =>
      isPng && isFullColourPng(plan, level) ? encodePng(input, plan, encodeImage) : encodeImage(open()),
    );
    // sharp reports a wrong size for an image that it crops and then extends.
    const { width, height } = input.size;
    if (plan.format === 'webp' && plan.frames > 1 && input.hasAlpha) markUnpaintedCanvas(bytes, input.size);
    if (kept !== undefined) return { bytes: metadataAdders[plan.format](bytes, kept, input.size), width, height };
    return { bytes: isPng ? withoutDensity(bytes) : bytes, width, height };
  };
}

/** Opens the image to encode. */
function createOpener(canvas: Canvas, plan: Plan): () => Sharp {
  const image = (canvas.images[0] as Sharp).toColourspace(plan.isDeep ? 'rgb16' : 'srgb');
  // sharp is slow to clone an image; only repeated encoding needs it.
  return plan.parameters.max_bytes === undefined ? () => image : () => image.clone();
}

/** Adds the metadata that sharp writes. */
function withMetadata(image: Sharp, { format }: Plan, kept: KeptMetadata | undefined): Sharp {
  const withItem = format === 'avif' && kept?.exif !== undefined ? withExifItem(image) : image;
  return format === 'png' || kept?.xmp === undefined ? withItem : withItem.withXmp(kept.xmp.toString());
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
