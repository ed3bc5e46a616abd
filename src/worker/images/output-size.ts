import { degrees, padding } from '../../contract/geometry-parameters.ts';
import type { Parameters } from '../../contract/parameters.ts';
import { numbersOf } from '../../contract/text-format.ts';

export interface Size {
  width: number;
  height: number;
}

export interface Area extends Size {
  left: number;
  top: number;
}

export interface OutputSize extends Size {
  /** The image scaled, before cover cuts it or contain adds to it. */
  scaled: Size;
}

export function cropArea(crop: string): Area {
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(crop);
  return { left, top, width, height };
}

/** The size after flip, flop and rotate; other than by quarters to within a pixel. */
export function turnedSize({ rotate = 0 }: Parameters, { width, height }: Size): Size {
  const angle = degrees(rotate);
  if (angle % 180 === 0) return { width, height };
  if (angle % 90 === 0) return { width: height, height: width };
  const [sin, cos] = [Math.abs(Math.sin((angle * Math.PI) / 180)), Math.abs(Math.cos((angle * Math.PI) / 180))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

/**
 * The size that a result will have before it is padded.
 * By the rules of sharp (`ResolveShrink` in its common.cc).
 * @param parameters with dpr in width and height
 * @param source one frame, cropped and turned
 */
export function outputSize(parameters: Parameters, source: Size): OutputSize {
  const { fit = 'cover', width, height } = parameters;
  const scaled = scaledSize(parameters, source);
  const cutOrFill = (wanted: number | undefined, is: number) => {
    if (wanted === undefined) return is;
    if (fit === 'cover') return Math.min(wanted, is);
    return fit === 'contain' ? Math.max(wanted, is) : is;
  };
  return { width: cutOrFill(width, scaled.width), height: cutOrFill(height, scaled.height), scaled };
}

export function paddedSize({ pad = '0' }: Parameters, { width, height }: Size): Size {
  const [top, right, bottom, left] = padding(pad);
  return { width: width + left + right, height: height + top + bottom };
}

function scaledSize({ fit = 'cover', width, height, enlarge = true }: Parameters, source: Size): Size {
  const largest = enlarge ? Number.POSITIVE_INFINITY : 1;
  const [x, y] = scales(fit, width && width / source.width, height && height / source.height);
  return {
    width: Math.max(1, Math.round(source.width * Math.min(x, largest))),
    height: Math.max(1, Math.round(source.height * Math.min(y, largest))),
  };
}

/** How far each side is scaled, by how far each that was asked for would have to be. */
function scales(fit: NonNullable<Parameters['fit']>, x: number | undefined, y: number | undefined): [number, number] {
  if (fit === 'fill') return [x ?? 1, y ?? 1];
  if (x === undefined || y === undefined) {
    const both = x ?? y ?? 1;
    return [both, both];
  }
  const both = fit === 'cover' || fit === 'outside' ? Math.max(x, y) : Math.min(x, y);
  return [both, both];
}
