import { withBackground } from './background.ts';
import { withSrgbColours } from './css-colours.ts';
import { withCustomProperties } from './custom-properties.ts';
import { withMedia } from './media-queries.ts';
import { naturalSize } from './natural-size.ts';
import { withPixels } from './pixel-units.ts';
import { type Root, splitAtRoot } from './root.ts';

/**
 * Rewrites styles of a drawing that librsvg does not know.
 * @returns undefined if the start of its root is malformed
 */
export function withBrowserStyles(text: string): Root | undefined {
  const original = splitAtRoot(text);
  if (original === undefined) return undefined;
  const size = naturalSize(original.attributes);
  if (size.width === 0 || size.height === 0) return original;
  const root = splitAtRoot(withSrgbColours(withCustomProperties(withMedia(text, size))));
  return root && withBackground(withPixels(root, size), size);
}
