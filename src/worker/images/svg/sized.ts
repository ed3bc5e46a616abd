import type { Area, Size } from '../output-size.ts';
import { cssDpi } from '../sharp.ts';
import { naturalSize, viewBox } from './natural-size.ts';
import { joinRoot, type Root, splitAtRoot } from './root.ts';

/** libvips looks for `<svg` in the first 1,000 bytes, and for ASCII in the first 24. */
const hint = '<!-- <svg, now in UTF-8 -->';

/** libvips enlarges by the resolution over 72, so that a pixel of CSS would not be one of the drawing. */
const perPixel = 72 / cssDpi;

/** Writes an SVG whose root states the size to draw it at, so that librsvg does not decide. */
export function sizedSvg(root: Root, size: Size): string {
  const attributes = sized(root.attributes, { width: size.width * perPixel, height: size.height * perPixel });
  return hint + joinRoot({ ...root, attributes });
}

/**
 * Draws an SVG made by `sizedSvg` in another size.
 * @param region to draw alone, in pixels of the drawing as it is
 */
export function scaledSvg(bytes: Buffer, size: Size, region?: Area): Buffer {
  const root = splitAtRoot(bytes.toString()) as Root;
  if (region === undefined) return Buffer.from(sizedSvg(stretchable(root), size));
  const { width, height } = naturalSize(root.attributes);
  const natural = { width: width / perPixel, height: height / perPixel };
  const attributes = sized(root.attributes, natural).set('x', '0').set('y', '0');
  return Buffer.from(showing(region, size, { ...root, attributes }));
}

/** Lets a drawing fill sides that are rounded; one with bars beside its viewBox keeps them. */
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
  const [width, height] = [decimal(size.width), decimal(size.height)];
  attributes.set('width', width).set('height', height);
  const style = given.get('style');
  // Declarations win over attributes, and later ones over earlier.
  if (style !== undefined) attributes.set('style', `${style};width:${width}px;height:${height}px`);
  return attributes;
}

/** Puts a drawing into an outer one that shows a region of it: a viewBox of its own would change what percentages mean. */
function showing(region: Area, { width, height }: Size, { before, ...inner }: Root): string {
  const attributes = [
    // A prefix of its own: the default namespace may be another one.
    'xmlns:outer="http://www.w3.org/2000/svg"',
    `width="${decimal(width * perPixel)}" height="${decimal(height * perPixel)}"`,
    `viewBox="${region.left} ${region.top} ${region.width} ${region.height}" preserveAspectRatio="none"`,
  ];
  return `${before}<outer:svg ${attributes.join(' ')}>${joinRoot({ before: '', ...inner })}</outer:svg>`;
}

/** Without the remainder of binary fractions, which would be a pixel more. */
const decimal = (value: number) => String(Number(value.toFixed(6)));
