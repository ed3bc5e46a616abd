import type { Size } from './output-size.ts';
import { type Sharp, sharp } from './sharp.ts';
import { inParts } from './turns.ts';

/** Pixels in sRGB, of one frame or several stacked. */
export interface Pixels extends Size {
  /** 8 or 16 bits; colours are 0 under full transparency. */
  data: Uint8Array | Uint16Array;
  channels: 3 | 4;
}

export async function pixelsOf(image: Sharp, isDeep = false): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const channels = info.channels as 3 | 4;
  const samples = isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  if (channels === 4) clearHiddenColours(samples);
  return { data: samples, width: info.width, height: info.height, channels };
}

/** Widens 8 bits to 16. libvips would map odd values to the next one's: 3 to 1023, 4 to 1024. */
export async function toSixteenBits({ data, ...pixels }: Pixels): Promise<Pixels> {
  if (data instanceof Uint16Array) return { ...pixels, data };
  const deep = new Uint16Array(data.length);
  await inParts(data.length, (start, end) => {
    for (let at = start; at < end; at += 1) deep[at] = (data[at] as number) * 257;
  });
  return { ...pixels, data: deep };
}

/** Rounds 16 bits to 8. */
export async function toEightBits({ data: deep, ...pixels }: Pixels): Promise<Pixels> {
  const data = new Uint8Array(deep.length);
  await inParts(data.length, (start, end) => {
    for (let at = start; at < end; at += 1) data[at] = ((deep[at] as number) / 257 + 0.5) | 0;
  });
  if (pixels.channels === 4) clearHiddenColours(data);
  return { ...pixels, data };
}

export function openPixels({ data, ...raw }: Pixels, frames = 1): Sharp {
  const pages = frames > 1 ? { pageHeight: raw.height / frames } : {};
  return sharp(data, { raw: { ...raw, ...pages }, animated: frames > 1, limitInputPixels: false });
}

export function stack(all: readonly Pixels[]): Pixels {
  const [first] = all as [Pixels];
  if (all.length === 1) return first;
  const data = samplesLike(first.data, all.length * first.data.length);
  for (const [index, { data: frame }] of all.entries()) data.set(frame, index * first.data.length);
  return { ...first, data, height: first.height * all.length };
}

export function unstack(pixels: Pixels, frames: number): Pixels[] {
  const samples = pixels.data.length / frames;
  return Array.from({ length: frames }, (_, frame) => ({
    ...pixels,
    data: pixels.data.subarray(frame * samples, (frame + 1) * samples),
    height: pixels.height / frames,
  }));
}

export function samplesLike(data: Pixels['data'], length: number): Pixels['data'] {
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/** Divides colours by alpha, in place. libvips would truncate: white with alpha 99 of 255 becomes 254. */
export function unpremultiply({ data, channels }: Pixels): void {
  if (channels !== 4) return;
  const max = data instanceof Uint16Array ? 65_535 : 255;
  for (let at = 0; at < data.length; at += 4) {
    const factor = max / ((data[at + 3] as number) || max);
    for (let band = at; band < at + 3; band += 1) {
      data[band] = Math.min(max, Math.round((data[band] as number) * factor));
    }
  }
}

function clearHiddenColours(data: Pixels['data']): void {
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) data[at] = data[at + 1] = data[at + 2] = 0;
  }
}
