import { RequestError } from '../../../contract/errors.ts';
import type { Format } from '../../../contract/formats.ts';
import { isPlainColour } from '../colour/plain-colour.ts';
import { withColour } from '../colour/source-colour.ts';
import { undecodable } from '../errors.ts';
import { openSource } from '../open-source.ts';
import { sniff } from '../sniff.ts';
import { describe, readMetadata } from '../source-image.ts';

/** Quoted image data: URI, in an attribute or entity. */
const dataUri = /(["'])\s*data:(image\/[\w.+-]+|application\/octet-stream|)((?:;[^,"';]*)*),([^"']*)\1/gi;
const lineBreaks = /&#(?:x0*[9ad]|x0*20|0*9|0*10|0*13|0*32);|\s+/gi;

/** What librsvg draws. */
const drawable: readonly Format[] = ['png', 'jpeg'];

/**
 * Rewrites embedded pictures as PNG where librsvg would silently skip them, or show them turned or in other colours.
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
  if (format === undefined) {
    // librsvg reads svgz too.
    if (/^image\/svg\+xml$/i.test(type)) return undefined;
    throw new RequestError(
      'unprocessable_image',
      `Expected pictures within the svg in jpeg, png, webp, avif, gif, tiff or svg but received ${type || 'something else'}`,
    );
  }
  try {
    return await redraw(bytes, format, maxPixels);
  } catch (error) {
    // librsvg draws what it can of these.
    if (drawable.includes(format)) return undefined;
    if (error instanceof RequestError) throw error;
    throw undecodable(format, error);
  }
}

/** Undefined for what librsvg draws right: it ignores orientation and colour signals. */
async function redraw(bytes: Buffer, format: Format, maxPixels: number): Promise<Buffer | undefined> {
  const metadata = await readMetadata(bytes, format);
  const source = describe(bytes, format, metadata);
  const { width, height, orientation } = source;
  const isUpright = orientation === 1;
  if (drawable.includes(format) && isUpright && (await isPlainColour(source, metadata.icc))) return undefined;
  if (width * height > maxPixels) {
    throw new RequestError(
      'unprocessable_image',
      `Expected pictures within the svg of at most ${maxPixels} pixels but received ${width} x ${height}`,
    );
  }
  const image = openSource(await withColour(source), { frames: 1, page: undefined }).autoOrient();
  return image.toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
}
