const units = ['B', 'kB', 'MB', 'GB'];

/**
 * Formats a size, such as 48.2 kB.
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString('en', { maximumSignificantDigits: value < 100 ? 3 : 4 })} ${units[unit]}`;
}

/** @param {string} id */
export function shortId(id) {
  return id.slice(0, 8);
}
