import type { Size } from '../output-size.ts';
import { cssDpi } from '../sharp.ts';
import { fontSize, pixels } from './natural-size.ts';
import type { Root } from './root.ts';
import { sheetOrTag } from './sheet-or-tag.ts';

/** Presentation attributes and others with lengths; not path data, where q is a command. */
const lengthNames =
  /^(?:style|[xyr]|[cdfr][xy]|[xy][12]|fr|width|height|stroke-(?:width|dasharray|dashoffset)|font-size|(?:letter|word)-spacing|baseline-shift|marker(?:Width|Height)|ref[XY]|textLength|startOffset)$/;
const endOfSheet = /style\s*>$/i;
const attribute = /([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;
const length = /(?<![\w.#-])([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(q|rem|vw|vh|vmin|vmax)(?![\w.%-])/gi;

/**
 * Writes lengths in units of CSS that librsvg does not know in pixels; it would skip their shapes.
 * @param size natural, which is the viewport of an <img>
 */
export function withPixels(root: Root, size: Size): Root {
  const perUnit: Record<string, number> = {
    q: cssDpi / 101.6,
    rem: pixels(root.attributes.get('font-size')) ?? fontSize,
    vw: size.width / 100,
    vh: size.height / 100,
    vmin: Math.min(size.width, size.height) / 100,
    vmax: Math.max(size.width, size.height) / 100,
  };
  const convert = (value: string) =>
    value.replace(
      length,
      (_, number: string, unit: string) => `${Number(number) * (perUnit[unit.toLowerCase()] as number)}px`,
    );
  const convertAttribute = (name: string, value: string) => (lengthNames.test(name) ? convert(value) : value);
  const attributes = new Map([...root.attributes].map(([name, value]) => [name, convertAttribute(name, value)]));
  const after = root.after.replace(sheetOrTag, (part) =>
    endOfSheet.test(part)
      ? convert(part)
      : part.replace(
          attribute,
          (_, name: string, equals: string, value: string) => name + equals + convertAttribute(name, value),
        ),
  );
  return { ...root, attributes, after };
}
