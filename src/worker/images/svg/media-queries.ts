import type { Size } from '../output-size.ts';
import { pixels } from './natural-size.ts';
import { sheetOrTag } from './sheet-or-tag.ts';

const mediaBlock = /@media([^{}]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}/gi;

/**
 * Resolves `@media`, which librsvg skips, for an <img> on a screen with a light theme.
 * @param size natural, which is the viewport
 */
export function withMedia(text: string, size: Size): string {
  if (!/@media/i.test(text)) return text;
  return text.replace(sheetOrTag, (part) =>
    part.replace(mediaBlock, (_, queries: string, rules: string) =>
      queries.split(',').some((query) => matches(query.trim().toLowerCase(), size)) ? rules : '',
    ),
  );
}

/** https://www.w3.org/TR/mediaqueries-4/#mq-syntax, without `or` and ranges, which count as not matching. */
function matches(query: string, size: Size): boolean {
  const [, modifier, conditions = ''] = /^(?:(not|only)\s+)?(.*)$/s.exec(query) ?? [];
  const isMatching = conditions.split(/\s+and\s+/).every((condition) => holds(condition.trim(), size));
  return modifier === 'not' ? !isMatching : isMatching;
}

const types = ['', 'all', 'screen'];

function holds(condition: string, { width, height }: Size): boolean {
  const [, name, value = ''] = /^\(\s*([a-z-]+)\s*:\s*([^)]*?)\s*\)$/.exec(condition) ?? [];
  const length = pixels(value) ?? Number.NaN;
  switch (name) {
    case undefined:
      return types.includes(condition);
    case 'prefers-color-scheme':
      return value === 'light';
    case 'prefers-reduced-motion':
    case 'prefers-contrast':
      return value === 'no-preference';
    case 'orientation':
      return value === (width > height ? 'landscape' : 'portrait');
    case 'min-width':
      return width >= length;
    case 'max-width':
      return width <= length;
    case 'min-height':
      return height >= length;
    case 'max-height':
      return height <= length;
    default:
      return false;
  }
}
