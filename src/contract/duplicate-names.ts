import { duplicateField } from './field-errors.ts';

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * Rejects objects with duplicate names (RFC 8259, 4), of which JSON.parse keeps the last.
 * @param value result of JSON.parse for the text
 * @throws RequestError `invalid_request` that names the first duplicate
 */
export function rejectDuplicateNames(text: string, value: unknown): void {
  // Fast path for the usual request: a flat object with no colons in its strings.
  if (colons(text) === Object.keys(Object(value)).length) return;
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      const name = JSON.parse(last) as string;
      if (names?.has(name)) throw duplicateField(name);
      names?.add(name);
    }
    last = token;
  }
}

function colons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}
