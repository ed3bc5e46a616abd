import { hlgToSdr, pqToSdr } from './tone-curve.ts';

/** Chromaticities x, y of white, red, green and blue. */
export type Primaries = readonly [number, number, number, number, number, number, number, number];

export interface ColourSpace {
  primaries: Primaries;
  /** Maps a sample, 0 to 1, to linear light, where white is 1. */
  toLinear: (sample: number) => number;
}

const d65 = [0.3127, 0.329] as const;
const illuminantC = [0.31, 0.316] as const;

export const srgbPrimaries: Primaries = [...d65, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** ColourPrimaries (ITU-T H.273, table 2). */
const primariesByCode: Record<number, Primaries> = {
  1: srgbPrimaries,
  4: [...illuminantC, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08],
  5: [...d65, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06],
  6: [...d65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  7: [...d65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  8: [...illuminantC, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049],
  9: [...d65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  11: [0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
  12: [...d65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
  22: [...d65, 0.63, 0.34, 0.295, 0.605, 0.155, 0.077],
};

export const srgbToLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

export const srgbFromLinear = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);

export const gammaToLinear = (exponent: number) => (v: number) => v ** exponent;

const smpte240ToLinear = (v: number) => (v < 0.0913 ? v / 4 : ((v + 0.1115) / 1.1115) ** (1 / 0.45));

/**
 * TransferCharacteristics (ITU-T H.273, table 3). BT.709 and its relatives (1, 6, 14, 15) count as sRGB, as in
 * browsers: theirs is the curve of a camera.
 */
const transferByCode: Record<number, (sample: number) => number> = {
  4: gammaToLinear(2.2),
  5: gammaToLinear(2.8),
  7: smpte240ToLinear,
  8: (v) => v,
  9: (v) => (v === 0 ? 0 : 10 ** ((v - 1) * 2)),
  10: (v) => (v === 0 ? 0 : 10 ** ((v - 1) * 2.5)),
  16: pqToSdr,
  17: (v) => (v ** 2.6 * 52.37) / 48,
  18: hlgToSdr,
};

/** Maps H.273 code points, of which unknown ones count as sRGB; undefined for sRGB. */
export function colourSpaceOf(primaries: number, transfer: number): ColourSpace | undefined {
  const toLinear = transferByCode[transfer];
  const known = primariesByCode[primaries];
  if (toLinear === undefined && (known === undefined || known === srgbPrimaries)) return undefined;
  return { primaries: known ?? srgbPrimaries, toLinear: toLinear ?? srgbToLinear };
}
