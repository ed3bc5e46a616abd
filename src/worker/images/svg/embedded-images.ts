import { RequestError } from '../../../contract/errors.ts';
import type { Format } from '../../../contract/formats.ts';
import { undecodable } from '../errors.ts';
import { sharp } from '../sharp.ts';
import { sniff } from '../sniff.ts';

/** Quoted image data: URI, in an attribute or entity. */
const dataUri = /(["'])\s*data:(image\/[\w.+-]+|application\/octet-stream|)((?:;[^,"';]*)*),([^"']*)\1/gi;
const lineBreaks = /&#(?:x0*[9ad]|x0*20|0*9|0*10|0*13|0*32);|\s+/gi;

/** What librsvg draws. */
const drawable: readonly (Format | undefined)[] = ['png', 'jpeg'];

/**
 * Rewrites embedded pictures as PNG where librsvg would silently skip them.
 * @param maxPixels per picture
 * @throws RequestError `unprocessable_image` for one damaged, too large or in no known format
 */
export async function embedPng(text: string, maxPixels: number, depth = 0): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const found of text.matchAll(dataUri)) {
    const [whole, quote = '"', type = '', options = '', data = ''] = found;
    const bytes = decode(data, options);
    const isSvg = sniff(bytes) === 'svg';
    const made = isSvg ? await inner(bytes, maxPixels, depth + 1) : await toPng(bytes, type, maxPixels);
    if (made === undefined) continue;
    const uri = `data:image/${isSvg ? 'svg+xml' : 'png'};base64,${made.toString('base64')}`;
    parts.push(text.slice(from, found.index), quote, uri, quote);
    from = found.index + whole.length;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

const maxDepth = 16;

async function inner(bytes: Buffer, maxPixels: number, depth: number): Promise<Buffer | undefined> {
  if (depth > maxDepth) {
    throw new RequestError(
      'unprocessable_image',
      `Expected at most ${maxDepth} drawings within each other but received more`,
    );
  }
  const text = bytes.toString();
  const made = await embedPng(text, maxPixels, depth);
  return made === text ? undefined : Buffer.from(made);
}

function decode(data: string, options: string): Buffer {
  if (/;\s*base64\s*$/i.test(options)) return Buffer.from(data.replace(lineBreaks, ''), 'base64');
  const bytes = data.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

async function toPng(bytes: Buffer, type: string, maxPixels: number): Promise<Buffer | undefined> {
  const format = sniff(bytes);
  if (drawable.includes(format)) return undefined;
  if (format === undefined) {
    // librsvg reads svgz too.
    if (/^image\/svg\+xml$/i.test(type)) return undefined;
    throw new RequestError(
      'unprocessable_image',
      `Expected pictures within the svg in jpeg, png, webp, avif, gif, tiff or svg but received ${type || 'something else'}`,
    );
  }
  try {
    const { width, height } = await sharp(bytes).metadata();
    if (width * height > maxPixels) {
      throw new RequestError(
        'unprocessable_image',
        `Expected pictures within the svg of at most ${maxPixels} pixels but received ${width} x ${height}`,
      );
    }
    return await sharp(bytes).autoOrient().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw undecodable(format, error);
  }
}
