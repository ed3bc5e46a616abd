/** @typedef {import('./service.js').Parameter} Parameter */

/**
 * A parameter belongs to the first group that matches.
 * @type {[title: string, names: RegExp][]}
 */
const groups = [
  ['Size', /^(width|height|dpr|fit|position|focus|enlarge)$/],
  ['Format', /^(format|quality|lossless|progressive|effort|max_bytes|animated|page|metadata)$/],
  ['Crop, turn and pad', /^(crop|trim|trim_threshold|rotate|flip|flop|background|pad)$/],
  ['Colour', /^(brightness|saturation|hue|gamma|tint|threshold|grayscale|negate|normalize)$/],
  ['Detail', /^(blur|sharpen|median)$/],
  ['Watermark', /^watermark/],
  ['More', /^/],
];

/**
 * Groups parameters for display; empty groups are omitted.
 * @param {Parameter[]} parameters
 * @returns {{ title: string, parameters: Parameter[] }[]}
 */
export function groupParameters(parameters) {
  const titleOf = (/** @type {string} */ name) => groups.find(([, names]) => names.test(name))?.[0];
  return groups
    .map(([title]) => ({ title, parameters: parameters.filter(({ name }) => titleOf(name) === title) }))
    .filter((group) => group.parameters.length > 0);
}
