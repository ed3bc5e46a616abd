import colorString from 'color-string';

const bareHex = /^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** `ff8800` to `#ff8800`. No colour name consists of hex digits. */
export function withHash(text: string): string {
  return bareHex.test(text) ? `#${text}` : text;
}

export function isColour(text: string): boolean {
  return colorString.get(withHash(text)) !== null;
}

/** Maps names, hex digits and rgb() of a colour to one text. */
export function canonicalColour(text: string): string {
  const { model, value } = colorString.get(withHash(text)) ?? {};
  return model === 'rgb' && value !== undefined ? value.join(',') : text;
}
