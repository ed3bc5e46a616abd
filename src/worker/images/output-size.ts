import type { Parameters } from '../../contract/parameters.ts';

export interface Size {
  width: number;
  height: number;
}

export interface OutputSize extends Size {
  /** The image scaled, before cover cuts it or contain adds to it. */
  scaled: Size;
}

/**
 * The size that a result will have, known before any work is done.
 * By the rules of sharp (`ResolveShrink` in its common.cc), to within a pixel:
 * sharp rounds once more where a decoder shrinks while it loads.
 * @param source one frame, upright
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
