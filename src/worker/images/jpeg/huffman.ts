/** Bits looked up at once. Of 10 to 14, 10 are fastest for photographs of 100 kB: larger tables take longer to fill. */
const lookupBits = 10;
const lookupShift = 32 - lookupBits;

const maxCodeLength = 16;

/** An entry holds a number of bits below this shift, and a number of coefficients above it. */
const entryShift = 6;

/** Coefficients of an entry that ends its block: more than a block has. */
export const endOfBlock = 1024;

/** Coefficients of bits that are no code: too many for a block, too few to end it. */
const noCode = 512;

/** Bits to skip: those of the codes and of the values after them. */
export const bitsOf = (entry: number) => entry & ((1 << entryShift) - 1);
/** Coefficients skipped, zeros included. */
export const coefficientsOf = (entry: number) => entry >> entryShift;

/** Maps codes to entries: how many bits to skip, and how many coefficients those encode. */
export interface HuffmanTable {
  /** By the next bits: the entry of all codes that are complete in them; 0 until it is first looked up. */
  lookup: Int32Array;
  /** By code length: the first code that is longer, left-aligned in 16 bits. */
  limits: Int32Array;
  /** By code length: added to a code, gives its index in `entries`. */
  offsets: Int32Array;
  /** In the order of codes, without the bits of the code itself. */
  entries: Int32Array;
}

/**
 * Builds a table from a DHT segment.
 * @param counts number of codes of each length, 1 to 16
 * @param symbols in the order of their codes
 * @returns undefined if a length has more codes than are possible
 */
export function createTable(kind: 'dc' | 'ac', counts: Uint8Array, symbols: Uint8Array): HuffmanTable | undefined {
  const limits = new Int32Array(maxCodeLength + 1);
  const offsets = new Int32Array(maxCodeLength + 1);
  let code = 0;
  let index = 0;
  for (const [lengthMinusOne, count] of counts.entries()) {
    const length = lengthMinusOne + 1;
    offsets[length] = index - code;
    code += count;
    index += count;
    // The code of all ones is reserved (T.81, C.2).
    if (code >= 1 << length) return undefined;
    limits[length] = code << (maxCodeLength - length);
    code <<= 1;
  }
  const entries = Int32Array.from(symbols, kind === 'dc' ? dcEntry : acEntry);
  return { lookup: new Int32Array(1 << lookupBits), limits, offsets, entries };
}

/** The symbol is a number of bits (T.81, F.1.2.1). Ends its lookup, because the next code is in another table. */
const dcEntry = (symbol: number) => (endOfBlock << entryShift) | symbol;

/** The symbol is a number of zeros and a number of bits (T.81, F.1.2.2). */
function acEntry(symbol: number): number {
  const bits = symbol & 15;
  const isEnd = bits === 0 && symbol !== 0xf0;
  return ((isEnd ? endOfBlock : (symbol >> 4) + 1) << entryShift) | bits;
}

/**
 * Looks up all codes that are complete in the first bits of a word, up to the end of the block.
 * @returns an entry of `noCode` coefficients if not even the first is complete
 */
export function entryOf(word: number, table: HuffmanTable): number {
  return table.lookup[word >>> lookupShift] || fillEntry(word >>> lookupShift, table);
}

function fillEntry(index: number, table: HuffmanTable): number {
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

/** Looks up the first code of a word alone, which may be of any length. */
export function firstEntryOf(word: number, table: HuffmanTable): number {
  const length = lengthOf(word, table);
  return length === 0 ? noCode << entryShift : entryOfLength(word, length, table);
}

const entryOfLength = (word: number, length: number, { offsets, entries }: HuffmanTable) =>
  length + (entries[(word >>> (32 - length)) + (offsets[length] as number)] as number);

/** @returns length of the first code; 0 if there is none */
function lengthOf(word: number, { limits }: HuffmanTable): number {
  const bits = word >>> (32 - maxCodeLength);
  for (let length = 1; length <= maxCodeLength; length += 1) {
    if (bits < (limits[length] as number)) return length;
  }
  return 0;
}
