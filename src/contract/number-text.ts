/**
 * Numbers as programs print them: `12`, `.5`, `1e-05`, `1E2`. Each digit can match in one place only: an ambiguous
 * pattern would backtrack in quadratic time.
 */
export const unsignedNumberPattern = '(?:\\d+\\.?|\\d*\\.\\d+)(?:[eE][+-]?\\d{1,3})?';

const number = new RegExp(`^-?${unsignedNumberPattern}$`);

/** @returns undefined if the text is not a decimal number */
export function parseNumber(text: string): number | undefined {
  return number.test(text) ? Number(text) : undefined;
}
