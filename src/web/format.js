const units = ['B', 'kB', 'MB', 'GB'];

/**
 * Formats a size: 48.2 kB.
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

/**
 * The detail of a problem response, or its status where it has none.
 * @param {string} text
 * @param {number} status
 */
export function problemDetail(text, status) {
  try {
    return String(JSON.parse(text).detail);
  } catch {
    return `The server answered ${status}`;
  }
}
