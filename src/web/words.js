const units = ['B', 'kB', 'MB', 'GB'];

/**
 * Bytes as people read them: 48.2 kB.
 * @param {number} bytes
 */
export function sizeInWords(bytes) {
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
 * What an answer that is no success says, for people.
 * @param {string} text
 * @param {number} status
 */
export function problemInWords(text, status) {
  try {
    return String(JSON.parse(text).detail);
  } catch {
    return `The server answered ${status}`;
  }
}
