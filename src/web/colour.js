/**
 * Converts a CSS colour or bare hex digits to #rrggbb.
 * @param {string} colour
 * @returns {string | undefined} undefined if invalid
 */
export function hexOf(colour) {
  const css = [colour, `#${colour}`].find((text) => CSS.supports('color', text));
  const context = document.createElement('canvas').getContext('2d');
  if (css === undefined || context === null) return undefined;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return '#ffffff';
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
