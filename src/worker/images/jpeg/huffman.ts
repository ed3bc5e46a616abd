/** Of 10 to 14 bits at once, 10 are the fastest for photographs of 100 kB: larger tables take longer to fill. */
const lookupBits = 10;
const lookupShift = 32 - lookupBits;

const longestCode = 16;

const entryShift = 6;

/** What an entry is worth that ends its block: more coefficients than a block has. */
export const endOfBlock = 1024;

/** What bits without a code are worth: too many to be in a block, too few to end it. */
const noCode = 512;

/** Bits of codes and of the values behind them. */
export const bitsOf = (entry: number) => entry & ((1 << entryShift) - 1);
/** Coefficients passed, zeros included. */
export const coefficientsOf = (entry: number) => entry >> entryShift;

/** Codes lead to entries: how many bits to skip, and how many coefficients that passes. */
export interface HuffmanTable {
  /** Entries of all codes that are whole in the next bits; 0 until it is asked for. */
  lookup: Int32Array;
  /** By length: the first code that is longer, left-aligned in 16 bits. */
  limits: Int32Array;
  /** By length: from a code to its place in `entries`. */
  offsets: Int32Array;
  /** In the order of codes, without the bits of the code. */
  entries: Int32Array;
}

/**
 * @param counts codes of each length, 1 to 16
 * @param symbols in the order of their codes
 * @returns undefined where there are more codes of a length than it can have
 */
export function createTable(kind: 'dc' | 'ac', counts: Uint8Array, symbols: Uint8Array): HuffmanTable | undefined {
  const limits = new Int32Array(longestCode + 1);
  const offsets = new Int32Array(longestCode + 1);
  let code = 0;
  let place = 0;
  for (const [index, count] of counts.entries()) {
    const length = index + 1;
    offsets[length] = place - code;
    code += count;
    place += count;
    // The code of ones alone is reserved (T.81, C.2).
    if (code >= 1 << length) return undefined;
    limits[length] = code << (longestCode - length);
    code <<= 1;
  }
  const entries = Int32Array.from(symbols, kind === 'dc' ? dcEntry : acEntry);
  return { lookup: new Int32Array(1 << lookupBits), limits, offsets, entries };
}

/** T.81, F.1.2.1: a number of bits. Alone in its lookup, since what follows has another table. */
const dcEntry = (symbol: number) => (endOfBlock << entryShift) | symbol;

/** T.81, F.1.2.2: a number of zeros, and one of bits. */
function acEntry(symbol: number): number {
  const bits = symbol & 15;
  const isEnd = bits === 0 && symbol !== 0xf0;
  return ((isEnd ? endOfBlock : (symbol >> 4) + 1) << entryShift) | bits;
}

/**
 * Looks up as many codes as are whole in the first bits of a word, up to the end of the block.
 * @returns `noCode` coefficients where the first is not whole
 */
export function entryOf(word: number, table: HuffmanTable): number {
  return table.lookup[word >>> lookupShift] || fill(word >>> lookupShift, table);
}

function fill(index: number, table: HuffmanTable): number {
  let entry = 0;
  while (coefficientsOf(entry) < endOfBlock && bitsOf(entry) < lookupBits) {
    const rest = index << (lookupShift + bitsOf(entry));
    const length = lengthOf(rest, table);
    if (length === 0 || bitsOf(entry) + length > lookupBits) break;
    entry += entryOfLength(rest, length, table);
  }
  if (entry === 0) entry = noCode << entryShift;
  table.lookup[index] = entry;
  return entry;
}

/** @returns entry of the first code of a word, of any length */
export function firstEntryOf(word: number, table: HuffmanTable): number {
  const length = lengthOf(word, table);
  return length === 0 ? noCode << entryShift : entryOfLength(word, length, table);
}

const entryOfLength = (word: number, length: number, { offsets, entries }: HuffmanTable) =>
  length + (entries[(word >>> (32 - length)) + (offsets[length] as number)] as number);

function lengthOf(word: number, { limits }: HuffmanTable): number {
  const bits = word >>> (32 - longestCode);
  for (let length = 1; length <= longestCode; length += 1) {
    if (bits < (limits[length] as number)) return length;
  }
  return 0;
}
