import type { Area, Size } from '../output-size.ts';
import { cssDpi } from '../sharp.ts';
import { naturalSize, viewBox } from './natural-size.ts';
import { joinRoot, type Root, splitAtRoot } from './root.ts';

/** libvips looks for `<svg` in the first 1,000 bytes, and for ASCII in the first 24. */
const sniffingHint = '<!-- <svg, now in UTF-8 -->';

/** Factor that undoes libvips' scaling by dpi / 72. */
const perPixel = 72 / cssDpi;

/** Writes an SVG with an explicit size, which librsvg would otherwise determine differently. */
export function svgWithSize(root: Root, size: Size): string {
  const attributes = withSize(root.attributes, { width: size.width * perPixel, height: size.height * perPixel });
  return sniffingHint + joinRoot({ ...root, attributes });
}

/**
 * Changes the size of an SVG written by `svgWithSize`.
 * @param region to render, in pixels of the current size; by default the whole SVG
 */
export function scaleSvg(bytes: Buffer, size: Size, region?: Area): Buffer {
  const root = splitAtRoot(bytes.toString()) as Root;
  if (region === undefined) return Buffer.from(svgWithSize(stretchable(root), size));
  const { width, height } = naturalSize(root.attributes);
  const natural = { width: width / perPixel, height: height / perPixel };
  return Buffer.from(clipToRegion(region, size, { ...root, attributes: withSize(root.attributes, natural) }));
}

/** Allows stretching, to fill rounded sides exactly, unless the viewBox has bars beside it. */
function stretchable(root: Root): Root {
  const box = viewBox(root.attributes);
  const { width, height } = naturalSize(root.attributes);
  const hasBars = box !== undefined && Math.abs(width / box.width - height / box.height) * box.width > maxRemainder;
  return hasBars ? root : { ...root, attributes: new Map(root.attributes).set('preserveAspectRatio', 'none') };
}

const maxRemainder = 0.01;

function withSize(original: ReadonlyMap<string, string>, size: Size): Map<string, string> {
  const attributes = new Map(original);
  const natural = naturalSize(original);
  if (viewBox(original) === undefined) attributes.set('viewBox', `0 0 ${natural.width} ${natural.height}`);
  attributes.set('width', decimal(size.width)).set('height', decimal(size.height));
  return attributes.set('style', `${original.get('style') ?? ''};${sizeStyle(size)}`);
}

/** Overrides CSS of the file, which in librsvg sizes and moves the root. */
const sizeStyle = ({ width, height }: Size) =>
  ['x:0', 'y:0', `width:${decimal(width)}px`, `height:${decimal(height)}px`]
    .map((declaration) => `${declaration} !important`)
    .join(';');

/** Clips to a region by an outer svg: changing the viewBox of the root itself would change percentages. */
function clipToRegion(region: Area, { width, height }: Size, { before, ...inner }: Root): string {
  const attributes = [
    // With a prefix, since the default namespace may be another.
    'xmlns:outer="http://www.w3.org/2000/svg"',
    `style="${sizeStyle({ width: width * perPixel, height: height * perPixel })}"`,
    `viewBox="${region.left} ${region.top} ${region.width} ${region.height}" preserveAspectRatio="none"`,
  ];
  return `${before}<outer:svg ${attributes.join(' ')}>${joinRoot({ before: '', ...inner })}</outer:svg>`;
}

/** Rounds to 6 decimals: remainders of binary fractions would add a pixel. */
const decimal = (value: number) => String(Number(value.toFixed(6)));
