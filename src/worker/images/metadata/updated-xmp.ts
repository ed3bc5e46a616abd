import type { Size } from '../output-size.ts';

/** A value that is JPEG or PNG in base64. A lookbehind would take quadratic time for long runs of spaces. */
const embeddedPicture = /([>"']\s*)(?:\/9j\/|iVBORw0KGgo)[^<"']*/g;

/** Replaces what is not true of the result, and empties thumbnails, which show what was cropped away. */
export function updatedXmp(xmp: Buffer, { width, height }: Size): Buffer {
  const namespaces = {
    'http://ns.adobe.com/tiff/1.0/': { Orientation: 1, ImageWidth: width, ImageLength: height },
    'http://ns.adobe.com/exif/1.0/': { ColorSpace: 1, PixelXDimension: width, PixelYDimension: height },
  };
  // One character a byte: what is not replaced keeps its bytes.
  let text = xmp.toString('latin1').replace(embeddedPicture, '$1');
  for (const [uri, values] of Object.entries(namespaces)) {
    const [, prefix] = new RegExp(`xmlns:([\\w-]+)\\s*=\\s*["']${uri}["']`).exec(text) ?? [];
    if (prefix === undefined) continue;
    for (const [name, value] of Object.entries(values)) text = withProperty(text, `${prefix}:${name}`, value);
  }
  return Buffer.from(text, 'latin1');
}

/** Attributes and elements (ISO 16684-1, 7.4 and 7.9.2.2). */
function withProperty(text: string, name: string, value: number): string {
  const number = new RegExp(`((?:\\s${name}\\s*=\\s*["']|<${name}(?:\\s[^<>]*)?>)\\s*)\\d+`, 'g');
  return text.replace(number, (_, before) => `${before}${value}`);
}
