/** Everything before the root: spaces, processing instructions, comments, document type. */
const prolog = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE\s[^[>]*(?:\[[\s\S]*?\]\s*)?>)*/;
const startOfRoot = /^<((?:[\p{L}_][\p{L}\p{N}_.-]*:)?svg)(?=[\s/>])/u;
const attribute = /\s+([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')/y;

export interface Root {
  before: string;
  /** `svg` or `x:svg`. */
  name: string;
  attributes: Map<string, string>;
  /** The rest, which starts with `>` or `/>`. */
  after: string;
}

export function isSvgText(text: string): boolean {
  return startOfRoot.test(text.slice(prolog.exec(text)?.[0].length));
}

/** @returns undefined if the start tag is malformed */
export function splitAtRoot(text: string): Root | undefined {
  const before = prolog.exec(text)?.[0] ?? '';
  const name = startOfRoot.exec(text.slice(before.length))?.[1];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  let end = before.length + 1 + name.length;
  for (;;) {
    attribute.lastIndex = end;
    const match = attribute.exec(text);
    if (match === null) break;
    attributes.set(match[1] as string, (match[2] as string).slice(1, -1));
    end = attribute.lastIndex;
  }
  const after = text.slice(end);
  return /^\s*\/?>/.test(after) ? { before, name, attributes, after } : undefined;
}

export function joinRoot({ before, name, attributes, after }: Root): string {
  // Values are still escaped, except for double quotes within single ones.
  const written = [...attributes].map(([key, value]) => ` ${key}="${value.replaceAll('"', '&quot;')}"`);
  return `${before}<${name}${written.join('')}${after}`;
}
