import colorString from 'color-string';

const bareHex = /^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** `ff8800` to `#ff8800`. No colour name consists of hex digits. */
export function withHash(text: string): string {
  return bareHex.test(text) ? `#${text}` : text;
}

export function isColour(text: string): boolean {
  return colorString.get(withHash(text)) !== null;
}

/** Maps names, hex digits and rgb() of a colour to one text, which stands for the same colour. */
export function canonicalColour(text: string): string {
  const { model, value } = colorString.get(withHash(text)) ?? {};
  if (model !== 'rgb' || value === undefined) return text;
  const [red = 0, green = 0, blue = 0, alpha] = value;
  const canonical = alpha === 1 ? colorString.to.hex(red, green, blue) : `rgb(${red} ${green} ${blue} / ${alpha})`;
  // Not all fractions have a text of this form.
  return colorString.get(canonical ?? '')?.value.join() === value.join() ? (canonical ?? text) : text;
}
