import type { Area, Size } from '../output-size.ts';
import { cssDpi } from '../sharp.ts';
import { naturalSize, viewBox } from './natural-size.ts';
import { joinRoot, type Root, splitAtRoot } from './root.ts';

/** libvips seeks `<svg` in the first 1,000 bytes, and ASCII in the first 24. */
const hint = '<!-- <svg, now in UTF-8 -->';

/** Undoes libvips' scaling by dpi / 72. */
const perPixel = 72 / cssDpi;

/** States the size, so that librsvg does not decide. */
export function sizedSvg(root: Root, size: Size): string {
  const attributes = sized(root.attributes, { width: size.width * perPixel, height: size.height * perPixel });
  return hint + joinRoot({ ...root, attributes });
}

/**
 * Redraws an SVG of `sizedSvg`.
 * @param region to draw, in current pixels
 */
export function scaledSvg(bytes: Buffer, size: Size, region?: Area): Buffer {
  const root = splitAtRoot(bytes.toString()) as Root;
  if (region === undefined) return Buffer.from(sizedSvg(stretchable(root), size));
  const { width, height } = naturalSize(root.attributes);
  const natural = { width: width / perPixel, height: height / perPixel };
  return Buffer.from(showing(region, size, { ...root, attributes: sized(root.attributes, natural) }));
}

/** Stretches to rounded sides, unless bars flank the viewBox. */
function stretchable(root: Root): Root {
  const box = viewBox(root.attributes);
  const { width, height } = naturalSize(root.attributes);
  const hasBars = box !== undefined && Math.abs(width / box.width - height / box.height) * box.width > maxRemainder;
  return hasBars ? root : { ...root, attributes: new Map(root.attributes).set('preserveAspectRatio', 'none') };
}

const maxRemainder = 0.01;

function sized(given: ReadonlyMap<string, string>, size: Size): Map<string, string> {
  const attributes = new Map(given);
  const natural = naturalSize(given);
  if (viewBox(given) === undefined) attributes.set('viewBox', `0 0 ${natural.width} ${natural.height}`);
  attributes.set('width', decimal(size.width)).set('height', decimal(size.height));
  return attributes.set('style', `${given.get('style') ?? ''};${placed(size)}`);
}

/** Wins over CSS of the file, which in librsvg sizes and moves its root. */
const placed = ({ width, height }: Size) =>
  ['x:0', 'y:0', `width:${decimal(width)}px`, `height:${decimal(height)}px`]
    .map((declaration) => `${declaration} !important`)
    .join(';');

/** Shows a region through an outer svg: a viewBox of its own would change percentages. */
function showing(region: Area, { width, height }: Size, { before, ...inner }: Root): string {
  const attributes = [
    // The default namespace may be another.
    'xmlns:outer="http://www.w3.org/2000/svg"',
    `style="${placed({ width: width * perPixel, height: height * perPixel })}"`,
    `viewBox="${region.left} ${region.top} ${region.width} ${region.height}" preserveAspectRatio="none"`,
  ];
  return `${before}<outer:svg ${attributes.join(' ')}>${joinRoot({ before: '', ...inner })}</outer:svg>`;
}

/** Binary remainders would add a pixel. */
const decimal = (value: number) => String(Number(value.toFixed(6)));
