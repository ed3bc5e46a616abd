import colorString from 'color-string';

const bareHex = /^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** Prepends # to bare hex digits. Unambiguous: no colour name consists of hex digits. */
export function withHash(text: string): string {
  return bareHex.test(text) ? `#${text}` : text;
}

export function isColour(text: string): boolean {
  return colorString.get(withHash(text)) !== null;
}

/** Maps all notations of an RGB colour (names, hex digits, rgb()) to the same text. */
export function canonicalColour(text: string): string {
  const { model, value } = colorString.get(withHash(text)) ?? {};
  return model === 'rgb' && value !== undefined ? value.join(',') : text;
}
