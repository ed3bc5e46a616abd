import { expandPad, normalizeAngle } from '../../contract/geometry-parameters.ts';
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
  /** Size before cover crops or contain pads. */
  scaled: Size;
}

export function cropArea(crop: string): Area {
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(crop);
  return { left, top, width, height };
}

/** Size after `rotate`; exact for right angles, else within a pixel. */
export function rotatedSize({ rotate = 0 }: Parameters, { width, height }: Size): Size {
  const angle = normalizeAngle(rotate);
  if (angle % 180 === 0) return { width, height };
  if (angle % 90 === 0) return { width: height, height: width };
  const [sin, cos] = [Math.abs(Math.sin((angle * Math.PI) / 180)), Math.abs(Math.cos((angle * Math.PI) / 180))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

type Box = { [Side in keyof Size]: number | undefined };

/**
 * The requested box, multiplied by dpr. Without `enlarge`, dpr is limited to the source's pixels, which keeps the box's
 * ratio: all sizes of a srcset show the same part.
 */
function targetBox({ width, height, dpr = 1, enlarge = true, fit }: Parameters, source: Size): Box {
  const [x, y] = scaleFactors(fit, { width, height }, source);
  const scale = Math.max(width === undefined ? 0 : x, height === undefined ? 0 : y);
  const ratio = enlarge ? dpr : Math.max(1, Math.min(dpr, 1 / scale));
  return { width: width && Math.round(width * ratio), height: height && Math.round(height * ratio) };
}

/**
 * Size of the result before padding, by sharp's rules (`ResolveShrink` in common.cc).
 * @param source size of one frame after crop and rotate
 */
export function outputSize(parameters: Parameters, source: Size): OutputSize {
  const { fit = 'cover' } = parameters;
  const box = targetBox(parameters, source);
  const scaled = scaledSize(parameters, box, source);
  const cropOrPad = (target: number | undefined, side: number) => {
    if (target === undefined) return side;
    if (fit === 'cover') return Math.min(target, side);
    return fit === 'contain' ? Math.max(target, side) : side;
  };
  return { width: cropOrPad(box.width, scaled.width), height: cropOrPad(box.height, scaled.height), scaled };
}

export function paddedSize({ pad = '0' }: Parameters, { width, height }: Size): Size {
  const [top, right, bottom, left] = expandPad(pad);
  return { width: width + left + right, height: height + top + bottom };
}

export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Bars of `contain` and padding together. */
export function marginsOf(parameters: Parameters, source: Size): Margins {
  const { pad = '0' } = parameters;
  const { scaled, ...size } = outputSize(parameters, source);
  const [top, right, bottom, left] = expandPad(pad);
  const space = { width: Math.max(0, size.width - scaled.width), height: Math.max(0, size.height - scaled.height) };
  // Of an odd number, the larger half goes after the image here, and before it in `coverArea`, as in sharp.
  const bars = distribute(parameters, space, Math.floor);
  return {
    top: top + bars.top,
    right: right + space.width - bars.left,
    bottom: bottom + space.height - bars.top,
    left: left + bars.left,
  };
}

/** The area that `cover` keeps. */
export function coverArea(parameters: Parameters, scaled: Size, { width, height }: Size): Area {
  const excess = { width: scaled.width - width, height: scaled.height - height };
  if (parameters.focus === undefined) return { ...distribute(parameters, excess, Math.ceil), width, height };
  const [x = 0, y = 0] = numbersOf(parameters.focus);
  const start = (at: number, whole: number, part: number) =>
    Math.min(whole - part, Math.max(0, Math.round(at * whole - part / 2)));
  return { left: start(x, scaled.width, width), top: start(y, scaled.height, height), width, height };
}

/** The share of the space that `position` puts on the left and at the top. */
function distribute({ position = 'center' }: Parameters, space: Size, round: (half: number) => number) {
  const start = (length: number, first: string, last: string) => {
    if (position.includes(first)) return 0;
    return position.includes(last) ? length : round(length / 2);
  };
  return { left: start(space.width, 'left', 'right'), top: start(space.height, 'top', 'bottom') };
}

function scaledSize({ fit, enlarge = true }: Parameters, box: Box, source: Size): Size {
  const maxScale = enlarge ? Number.POSITIVE_INFINITY : 1;
  const [x, y] = scaleFactors(fit, box, source);
  return {
    width: Math.max(1, Math.round(source.width * Math.min(x, maxScale))),
    height: Math.max(1, Math.round(source.height * Math.min(y, maxScale))),
  };
}

function scaleFactors(fit: Parameters['fit'] = 'cover', { width, height }: Box, source: Size): [number, number] {
  const [x, y] = [width && width / source.width, height && height / source.height];
  if (fit === 'fill') return [x ?? 1, y ?? 1];
  if (x === undefined || y === undefined) {
    const both = x ?? y ?? 1;
    return [both, both];
  }
  const both = fit === 'cover' || fit === 'outside' ? Math.max(x, y) : Math.min(x, y);
  return [both, both];
}
