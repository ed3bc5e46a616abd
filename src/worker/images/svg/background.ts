import type { Size } from '../output-size.ts';
import { viewBox } from './natural-size.ts';
import type { Root } from './root.ts';

const declaration = /(?:^|;)\s*background(?:-color)?\s*:\s*([^;]*)/gi;

/** A colour alone; the values that do not name one would show nothing. */
const colour = /^(?:#[\da-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d\s.,%/a-z+-]*\))$/i;

/**
 * Paints the background colour in the style of the root, which browsers show and librsvg ignores, as PlantUML and
 * draw.io write it. Style sheets are not searched.
 * @param size natural
 * @returns other drawings as is
 */
export function withBackground(root: Root, size: Size): Root {
  const fill = backgroundOf(root.attributes.get('style') ?? '');
  if (fill === undefined || !root.after.trimStart().startsWith('>')) return root;
  const prefix = root.name.slice(0, -'svg'.length);
  const start = root.after.indexOf('>') + 1;
  return {
    ...root,
    after: `${root.after.slice(0, start)}<${prefix}polygon points="${corners(root, size)}" fill="none" style="${style(fill)}"/>${root.after.slice(start)}`,
  };
}

function backgroundOf(css: string): string | undefined {
  const values = [...css.matchAll(declaration)].map(([, value = '']) => value.replace(/!\s*important\s*$/i, '').trim());
  return values.findLast((value) => colour.test(value));
}

/** Overrides what the root passes on and what a style sheet says about shapes; an invalid colour leaves `none`. */
const style = (fill: string) =>
  `fill:${fill};fill-opacity:1;stroke:none;opacity:1;visibility:visible;display:inline;filter:none;mask:none;clip-path:none;marker:none;transform:none`;

/** Covers the viewport wherever preserveAspectRatio places the viewBox in it. */
function corners({ attributes }: Root, size: Size): string {
  const { left, top, width, height } = viewBox(attributes) ?? { left: 0, top: 0, ...size };
  const scale = Math.min(size.width / width, size.height / height);
  const [right, bottom] = [left + width + size.width / scale, top + height + size.height / scale];
  const [x, y] = [left - size.width / scale, top - size.height / scale];
  return `${x},${y} ${right},${y} ${right},${bottom} ${x},${bottom}`;
}
