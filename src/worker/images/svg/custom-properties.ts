import { sheetOrTag } from './sheet-or-tag.ts';

const definition = /(--[\w-]+)\s*:\s*([^;{}"'<>]+)/g;
/** With a fallback, which may contain functions. */
const reference = /var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\((?:[^()]|\([^()]*\))*\))*))?\)/g;

/** Values that refer to each other could otherwise grow without end. */
const maxValueLength = 200;

/**
 * Replaces references to custom properties, which librsvg does not support, by their values, or else by their
 * fallbacks, which design tools write for themes. A property has the first value in the file.
 * @returns text without references as is
 */
export function withCustomProperties(text: string): string {
  if (!text.includes('var(')) return text;
  const resolve = createResolver(definitions(text));
  return text.replace(sheetOrTag, resolve);
}

function definitions(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [part] of text.matchAll(sheetOrTag)) {
    for (const [, name = '', value = ''] of part.matchAll(definition)) {
      if (!values.has(name)) values.set(name, value.trim());
    }
  }
  return values;
}

function createResolver(values: ReadonlyMap<string, string>): (text: string) => string {
  const resolved = new Map<string, string | undefined>();
  const lookUp = (name: string): string | undefined => {
    if (resolved.has(name)) return resolved.get(name);
    // For references to itself.
    resolved.set(name, undefined);
    const value = values.get(name);
    const result = value === undefined || value.length > maxValueLength ? undefined : resolve(value);
    resolved.set(name, result !== undefined && result.length <= maxValueLength ? result : undefined);
    return resolved.get(name);
  };
  const resolve = (text: string): string =>
    text.replace(
      reference,
      (whole, name: string, fallback?: string) => lookUp(name) ?? (fallback && resolve(fallback.trim())) ?? whole,
    );
  return resolve;
}
