import { sharp } from '../sharp.ts';
import type { SourceImage } from '../source-image.ts';
import { readExifColour } from './exif-colour.ts';
import { readPngColour, setPngColour } from './png-colour.ts';
import { profileModel } from './samples.ts';

/** Whether samples are in sRGB already, and look right in a decoder that ignores colour signals. */
export async function isSrgb({ bytes, format, hasProfile, exif }: SourceImage, icc?: Buffer): Promise<boolean> {
  const signal = format === 'png' ? readPngColour(bytes) : 'profile';
  if (signal !== 'profile') return signal === undefined;
  if (!hasProfile) return format !== 'jpeg' || readExifColour(exif) === undefined;
  return icc !== undefined && (await isSrgbProfile(icc));
}

/** Largest difference of a sample, 0 to 255, between the many sRGB profiles. */
const tolerance = 2;

const channelsOf: Record<string, 1 | 3> = { GRAY: 1, 'RGB ': 3 };

/** Compares converted colours, because descriptions of sRGB profiles differ. */
async function isSrgbProfile(icc: Buffer): Promise<boolean> {
  const channels = channelsOf[profileModel(icc) ?? ''];
  if (channels === undefined) return false;
  const colours = colourGrid(channels);
  const raw = { width: colours.length / channels, height: 1, channels };
  const space = channels === 1 ? 'b-w' : 'srgb';
  const png = await sharp(colours, { raw }).toColourspace(space).png().toBuffer();
  const converted = await sharp(setPngColour(png, icc)).toColourspace(space).raw().toBuffer();
  return colours.every((sample, at) => Math.abs(sample - (converted[at] as number)) <= tolerance);
}

const gridLevels = [0, 51, 102, 153, 204, 255];

function colourGrid(channels: 1 | 3): Buffer {
  let colours: number[][] = [[]];
  for (let channel = 0; channel < channels; channel += 1) {
    colours = colours.flatMap((colour) => gridLevels.map((level) => [...colour, level]));
  }
  return Buffer.from(colours.flat());
}
