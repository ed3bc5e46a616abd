import { RequestError } from '../../../contract/errors.ts';
import { undecodable } from '../errors.ts';
import { withBrowserStyles } from './browser-styles.ts';
import { decodeXml } from './decode-xml.ts';
import { convertEmbeddedImages, type EmbeddedOptions } from './embedded-images.ts';
import { naturalSize } from './natural-size.ts';
import { svgWithSize } from './size.ts';

/**
 * Rewrites an SVG such that librsvg renders it as browsers do.
 * @throws RequestError `unprocessable_image` if it is malformed or has no area, or because of an embedded image
 */
export async function prepareSvg(bytes: Buffer, options: EmbeddedOptions): Promise<Buffer> {
  const root = withBrowserStyles(await convertEmbeddedImages(decodeXml(bytes), options));
  if (root === undefined) throw undecodable('svg', new Error('the start of its root element is malformed'));
  const size = naturalSize(root.attributes);
  if (size.width === 0 || size.height === 0) {
    throw new RequestError(
      'unprocessable_image',
      `Expected a drawing with an area but received ${size.width} x ${size.height}`,
    );
  }
  return Buffer.from(svgWithSize(root, { width: Math.max(1, size.width), height: Math.max(1, size.height) }));
}
