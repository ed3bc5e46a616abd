import type { Size } from '../output-size.ts';

/** A value that is a JPEG or PNG in base64. A lookbehind would take quadratic time on long runs of spaces. */
const embeddedPicture = /([>"']\s*)(?:\/9j\/|iVBORw0KGgo)[^<"']*/g;

/** Updates properties that are not true of the result, and empties thumbnails, which show what was cropped away. */
export function updateXmp(xmp: Buffer, { width, height }: Size): Buffer {
  const namespaces = {
    'http://ns.adobe.com/tiff/1.0/': { Orientation: 1, ImageWidth: width, ImageLength: height },
    'http://ns.adobe.com/exif/1.0/': { ColorSpace: 1, PixelXDimension: width, PixelYDimension: height },
  };
  // Latin-1 maps each byte to a character, which preserves all bytes that are not replaced.
  let text = xmp.toString('latin1').replace(embeddedPicture, '$1');
  for (const [uri, values] of Object.entries(namespaces)) {
    const [, prefix] = new RegExp(`xmlns:([\\w-]+)\\s*=\\s*["']${uri}["']`).exec(text) ?? [];
    if (prefix === undefined) continue;
    for (const [name, value] of Object.entries(values)) text = withProperty(text, `${prefix}:${name}`, value);
  }
  return Buffer.from(text, 'latin1');
}

/** Replaces a number in attributes and elements (ISO 16684-1, 7.4 and 7.9.2.2). */
function withProperty(text: string, name: string, value: number): string {
  const number = new RegExp(`((?:\\s${name}\\s*=\\s*["']|<${name}(?:\\s[^<>]*)?>)\\s*)\\d+`, 'g');
  return text.replace(number, (_, before) => `${before}${value}`);
}
