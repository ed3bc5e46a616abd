import { repeated } from './validate.ts';

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * JSON.parse would take the last of several members with one name.
 * @param value what it made of the text
 * @throws RequestError `invalid_request`, which names the first that is repeated
 */
export function checkNamesOnce(text: string, value: unknown): void {
  // Nearly always: an object without others in it, and no colon but behind its names.
  if (colons(text) === Object.keys(Object(value)).length) return;
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      const name = JSON.parse(last) as string;
      if (names?.has(name)) throw repeated(name);
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
