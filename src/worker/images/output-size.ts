import { normalizeAngle, parsePad } from '../../contract/geometry-parameters.ts';
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
  /** Before cover cuts or contain pads. */
  scaled: Size;
}

export function cropArea(crop: string): Area {
  const [left = 0, top = 0, width = 0, height = 0] = numbersOf(crop);
  return { left, top, width, height };
}

/** Exact for right angles, else within a pixel. */
export function turnedSize({ rotate = 0 }: Parameters, { width, height }: Size): Size {
  const angle = normalizeAngle(rotate);
  if (angle % 180 === 0) return { width, height };
  if (angle % 90 === 0) return { width: height, height: width };
  const [sin, cos] = [Math.abs(Math.sin((angle * Math.PI) / 180)), Math.abs(Math.cos((angle * Math.PI) / 180))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

type Box = { [Side in keyof Size]: number | undefined };

/** Multiplies by dpr; without `enlarge`, up to the source's pixels, so that a srcset shows the same part. */
function boxOf({ width, height, dpr = 1, enlarge = true, fit }: Parameters, source: Size): Box {
  const [x, y] = scales(fit, { width, height }, source);
  const scale = Math.max(width === undefined ? 0 : x, height === undefined ? 0 : y);
  const ratio = enlarge ? dpr : Math.max(1, Math.min(dpr, 1 / scale));
  return { width: width && Math.round(width * ratio), height: height && Math.round(height * ratio) };
}

/**
 * Before padding, by sharp's rules (`ResolveShrink` in common.cc).
 * @param source one frame, cropped and turned
 */
export function outputSize(parameters: Parameters, source: Size): OutputSize {
  const { fit = 'cover' } = parameters;
  const box = boxOf(parameters, source);
  const scaled = scaledSize(parameters, box, source);
  const cutOrFill = (asked: number | undefined, side: number) => {
    if (asked === undefined) return side;
    if (fit === 'cover') return Math.min(asked, side);
    return fit === 'contain' ? Math.max(asked, side) : side;
  };
  return { width: cutOrFill(box.width, scaled.width), height: cutOrFill(box.height, scaled.height), scaled };
}

export function paddedSize({ pad = '0' }: Parameters, { width, height }: Size): Size {
  const [top, right, bottom, left] = parsePad(pad);
  return { width: width + left + right, height: height + top + bottom };
}

export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export function marginsOf(parameters: Parameters, source: Size): Margins {
  const { pad = '0' } = parameters;
  const { scaled, ...size } = outputSize(parameters, source);
  const [top, right, bottom, left] = parsePad(pad);
  const room = { width: Math.max(0, size.width - scaled.width), height: Math.max(0, size.height - scaled.height) };
  // Odd room: larger half after the image here, before it in `cutArea`, as in sharp.
  const bars = placed(parameters, room, Math.floor);
  return {
    top: top + bars.top,
    right: right + room.width - bars.left,
    bottom: bottom + room.height - bars.top,
    left: left + bars.left,
  };
}

/** Area that `cover` keeps. */
export function cutArea(parameters: Parameters, scaled: Size, { width, height }: Size): Area {
  const room = { width: scaled.width - width, height: scaled.height - height };
  if (parameters.focus === undefined) return { ...placed(parameters, room, Math.ceil), width, height };
  const [x = 0, y = 0] = numbersOf(parameters.focus);
  const start = (at: number, whole: number, part: number) =>
    Math.min(whole - part, Math.max(0, Math.round(at * whole - part / 2)));
  return { left: start(x, scaled.width, width), top: start(y, scaled.height, height), width, height };
}

function placed({ position = 'center' }: Parameters, room: Size, half: (of: number) => number) {
  const start = (space: number, first: string, last: string) => {
    if (position.includes(first)) return 0;
    return position.includes(last) ? space : half(space / 2);
  };
  return { left: start(room.width, 'left', 'right'), top: start(room.height, 'top', 'bottom') };
}

function scaledSize({ fit, enlarge = true }: Parameters, box: Box, source: Size): Size {
  const largest = enlarge ? Number.POSITIVE_INFINITY : 1;
  const [x, y] = scales(fit, box, source);
  return {
    width: Math.max(1, Math.round(source.width * Math.min(x, largest))),
    height: Math.max(1, Math.round(source.height * Math.min(y, largest))),
  };
}

function scales(fit: Parameters['fit'] = 'cover', { width, height }: Box, source: Size): [number, number] {
  const [x, y] = [width && width / source.width, height && height / source.height];
  if (fit === 'fill') return [x ?? 1, y ?? 1];
  if (x === undefined || y === undefined) {
    const both = x ?? y ?? 1;
    return [both, both];
  }
  const both = fit === 'cover' || fit === 'outside' ? Math.max(x, y) : Math.min(x, y);
  return [both, both];
}
