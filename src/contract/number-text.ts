/**
 * Numbers as programs print them: `12`, `.5`, `1e-05`, `1E2`. Digits belong to one part alone: shared between two, they
 * would take the square of their number.
 */
export const unsignedNumber = '(?:\\d+\\.?|\\d*\\.\\d+)(?:[eE][+-]?\\d{1,3})?';

const number = new RegExp(`^-?${unsignedNumber}$`);

/** @returns undefined unless a decimal number */
export function numberOf(text: string): number | undefined {
  return number.test(text) ? Number(text) : undefined;
}
