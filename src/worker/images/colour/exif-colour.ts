import { directoryOffset, numberAccess, readEntries } from '../metadata/directory.ts';
import { pointers, withoutPreamble } from '../metadata/exif.ts';
import { type ColourSpace, gammaToLinear, type Primaries } from './colour-space.ts';
import { arePrimariesUsable } from './icc-profile.ts';

const tags = {
  whitePoint: 318,
  primaryChromaticities: 319,
  colorSpace: 0xa001,
  gamma: 0xa500,
  interoperabilityIndex: 1,
} as const;

/** Values of ColorSpace; Adobe RGB's own is not in the standard, but cameras write it. */
const colorSpaces = { adobeRgb: 2, uncalibrated: 0xffff } as const;

/** https://www.adobe.com/digitalimag/pdfs/AdobeRGB1998.pdf */
const adobeRgb: ColourSpace = {
  primaries: [0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06],
  toLinear: gammaToLinear(563 / 256),
};

/**
 * The colour space that EXIF data names: Adobe RGB by the index R03 of DCF option files (CIPA DC-009, 3.3), as cameras
 * write it without a profile, or that of the primaries (EXIF 2.32, 4.6.4).
 * @returns undefined for sRGB
 */
export function readExifColour(exif: Buffer | undefined): ColourSpace | undefined {
  if (exif === undefined) return undefined;
  const tiff = withoutPreamble(exif);
  const main = fieldsOf(tiff, undefined);
  const camera = fieldsOf(tiff, main.directory(pointers.exif));
  const colorSpace = camera.short(tags.colorSpace);
  if (colorSpace === colorSpaces.adobeRgb) return adobeRgb;
  if (colorSpace !== colorSpaces.uncalibrated) return undefined;
  const index = fieldsOf(tiff, camera.directory(pointers.interoperability)).text(tags.interoperabilityIndex);
  if (index.startsWith('R03')) return adobeRgb;
  const primaries = [...main.rationals(tags.whitePoint), ...main.rationals(tags.primaryChromaticities)];
  if (!isPrimaries(primaries)) return undefined;
  const [gamma = 2.2] = camera.rationals(tags.gamma);
  return { primaries, toLinear: gammaToLinear(gamma > 0.1 && gamma < 10 ? gamma : 2.2) };
}

const isPrimaries = (values: number[]): values is number[] & Primaries =>
  values.length === 8 && arePrimariesUsable(values as unknown as Primaries);

const types = { ascii: 2, short: 3, rational: 5 } as const;

/** Access to a directory, of which `at` is undefined for the first and 0 for none. */
function fieldsOf(tiff: Buffer, at: number | undefined) {
  const entries = at === 0 ? [] : readEntries(tiff, at);
  const { uint16, uint32 } = numberAccess(tiff);
  const find = (id: number, type?: number) =>
    entries.find((entry) => entry.id === id && (type === undefined || entry.type === type));
  return {
    directory(id: number): number {
      const entry = find(id);
      return (entry && directoryOffset(tiff, entry)) ?? 0;
    },
    short(id: number): number | undefined {
      const entry = find(id, types.short);
      return entry && uint16(entry.from);
    },
    text(id: number): string {
      const { from = 0, length = 0 } = find(id, types.ascii) ?? {};
      return tiff.toString('latin1', from, from + length);
    },
    rationals(id: number): number[] {
      const { from = 0, count = 0 } = find(id, types.rational) ?? {};
      return Array.from({ length: count }, (_, index) => uint32(from + 8 * index) / uint32(from + 8 * index + 4));
    },
  };
}
