import { RequestError } from '../../../contract/errors.ts';
import type { Format } from '../../../contract/formats.ts';
import { isSrgb } from '../colour/is-srgb.ts';
import { withColourProfile } from '../colour/source-colour.ts';
import { undecodable } from '../errors.ts';
import { openSource } from '../open-source.ts';
import { sniff } from '../sniff.ts';
import { describe, readMetadata } from '../source-image.ts';
import { withBrowserStyles } from './browser-styles.ts';
import { decodeXml } from './decode-xml.ts';
import { joinRoot } from './root.ts';

/** Rewrites an image that libvips would reject or show differently. */
type Rewrite = (bytes: Buffer, format: Format, maxPixels: number) => Buffer | Promise<Buffer>;

export interface EmbeddedOptions {
  /** Limit for each image. */
  maxPixels: number;
  rewrite: Rewrite;
}

/** A quoted data: URI of an image, in an attribute or entity. */
const dataUri = /(["'])\s*data:(image\/[\w.+-]+|application\/octet-stream|)((?:;[^,"';]*)*),([^"']*)\1/gi;
const lineBreaks = /&#(?:x0*[9ad]|x0*20|0*9|0*10|0*13|0*32);|\s+/gi;

/** Formats that librsvg renders. */
const renderable: readonly Format[] = ['png', 'jpeg'];

/**
 * Converts embedded images to PNG if librsvg would silently skip them, or show them rotated or in wrong colours.
 * @throws RequestError `unprocessable_image` for an image that is damaged, too large or in an unknown format
 */
export async function convertEmbeddedImages(text: string, options: EmbeddedOptions, depth = 0): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(dataUri)) {
    const [matched, quote = '"', type = '', encoding = '', data = ''] = match;
    const bytes = decode(data, encoding);
    const isSvg = sniff(bytes) === 'svg';
    const converted = isSvg ? await convertSvg(bytes, options, depth + 1) : await toPng(bytes, type, options);
    if (converted === undefined) continue;
    const uri = `data:image/${isSvg ? 'svg+xml' : 'png'};base64,${converted.toString('base64')}`;
    parts.push(text.slice(from, match.index), quote, uri, quote);
    from = match.index + matched.length;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

const maxDepth = 16;

/** @returns undefined if nothing needs to be converted */
async function convertSvg(bytes: Buffer, options: EmbeddedOptions, depth: number): Promise<Buffer | undefined> {
  if (depth > maxDepth) {
    throw new RequestError('unprocessable_image', `Expected at most ${maxDepth} nested drawings but received more`);
  }
  const text = decodeXml(bytes);
  const converted = await convertEmbeddedImages(text, options, depth);
  const root = withBrowserStyles(converted);
  const drawn = root === undefined ? converted : joinRoot(root);
  return drawn === text ? undefined : Buffer.from(drawn);
}

function decode(data: string, encoding: string): Buffer {
  if (/;\s*base64\s*$/i.test(encoding)) return Buffer.from(data.replace(lineBreaks, ''), 'base64');
  const bytes = data.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

/** @returns undefined if librsvg renders the image correctly, or as well as it can */
async function toPng(bytes: Buffer, type: string, options: EmbeddedOptions): Promise<Buffer | undefined> {
  const format = sniff(bytes);
  if (format === undefined) {
    // librsvg reads svgz too.
    if (/^image\/svg\+xml$/i.test(type)) return undefined;
    throw new RequestError(
      'unprocessable_image',
      `Expected images within the svg in jpeg, png, webp, avif, gif, tiff or svg but received ${type || 'something else'}`,
    );
  }
  try {
    return await reencode(bytes, format, options);
  } catch (error) {
    // librsvg renders what it can of these.
    if (renderable.includes(format)) return undefined;
    if (error instanceof RequestError) throw error;
    throw undecodable(format, error);
  }
}

/** @returns undefined for images that librsvg, which ignores orientation and colour signals, renders correctly */
async function reencode(
  bytes: Buffer,
  format: Format,
  { maxPixels, rewrite }: EmbeddedOptions,
): Promise<Buffer | undefined> {
  const file = await rewrite(bytes, format, maxPixels);
  const metadata = await readMetadata(file, format);
  const source = describe(file, format, metadata);
  const { width, height, orientation } = source;
  const isUpright = orientation === 1;
  if (renderable.includes(format) && isUpright && (await isSrgb(source, metadata.icc))) return undefined;
  if (width * height > maxPixels) {
    throw new RequestError(
      'unprocessable_image',
      `Expected images within the svg of at most ${maxPixels} pixels but received ${width} x ${height}`,
    );
  }
  const image = openSource(await withColourProfile(source), { frames: 1, page: undefined }).autoOrient();
  return image.toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
}
