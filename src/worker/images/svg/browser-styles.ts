import { withBackground } from './background.ts';
import { withSrgbColours } from './css-colours.ts';
import { withCustomProperties } from './custom-properties.ts';
import { naturalSize } from './natural-size.ts';
import { withPixels } from './pixel-units.ts';
import { type Root, splitAtRoot } from './root.ts';

/**
 * Rewrites styles of a drawing that librsvg does not know.
 * @returns undefined if the start of its root is malformed
 */
export function withBrowserStyles(text: string): Root | undefined {
  const root = splitAtRoot(withSrgbColours(withCustomProperties(text)));
  if (root === undefined) return undefined;
  const size = naturalSize(root.attributes);
  return size.width === 0 || size.height === 0 ? root : withBackground(withPixels(root, size), size);
}
