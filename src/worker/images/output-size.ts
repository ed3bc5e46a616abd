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
  /** Scaled, before cover cuts or contain pads. */
  scaled: Size;
}

export function cropArea(crop: string): Area {
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(crop);
  return { left, top, width, height };
}

/** The size after rotate; exact for right angles, else to within a pixel. */
export function turnedSize({ rotate = 0 }: Parameters, { width, height }: Size): Size {
  const angle = degrees(rotate);
  if (angle % 180 === 0) return { width, height };
  if (angle % 90 === 0) return { width: height, height: width };
  const [sin, cos] = [Math.abs(Math.sin((angle * Math.PI) / 180)), Math.abs(Math.cos((angle * Math.PI) / 180))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

/**
 * The size of a result before padding, by sharp's rules (`ResolveShrink` in its common.cc).
 * @param parameters with dpr multiplied into width and height
 * @param source one frame, cropped and turned
 */
export function outputSize(parameters: Parameters, source: Size): OutputSize {
  const { fit = 'cover', width, height } = parameters;
  const scaled = scaledSize(parameters, source);
  const cutOrFill = (box: number | undefined, side: number) => {
    if (box === undefined) return side;
    if (fit === 'cover') return Math.min(box, side);
    return fit === 'contain' ? Math.max(box, side) : side;
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

/** Scale of each side, from the scales that width and height ask for. */
function scales(fit: NonNullable<Parameters['fit']>, x: number | undefined, y: number | undefined): [number, number] {
  if (fit === 'fill') return [x ?? 1, y ?? 1];
  if (x === undefined || y === undefined) {
    const both = x ?? y ?? 1;
    return [both, both];
  }
  const both = fit === 'cover' || fit === 'outside' ? Math.max(x, y) : Math.min(x, y);
  return [both, both];
}
