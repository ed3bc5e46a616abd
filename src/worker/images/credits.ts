export interface Credits {
  Artist?: string;
  Copyright?: string;
}

const tags: Record<number, keyof Credits> = { 315: 'Artist', 33432: 'Copyright' };

const preamble = 'Exif\0\0';
const asciiType = 2;
const entryBytes = 12;
/** Longest text within an entry; longer text is at the offset that the entry gives. */
const inlineBytes = 4;
const maxTextBytes = 4096;

/**
 * Reads the credits from EXIF data: the ASCII tags Artist and Copyright of its first directory (EXIF 2.32, 4.6.2).
 * Malformed data counts as absent.
 */
export function readCredits(exif: Buffer): Credits {
  const start = exif.toString('latin1', 0, preamble.length) === preamble ? preamble.length : 0;
  const tiff = exif.subarray(start);
  try {
    return readDirectory(tiff);
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function readDirectory(tiff: Buffer): Credits {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const uint16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const uint32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = uint32(4);
  const credits: Credits = {};
  for (let entry = 0; entry < uint16(directory); entry += 1) {
    const at = directory + 2 + entry * entryBytes;
    const name = tags[uint16(at)];
    const bytes = uint32(at + 4);
    if (name === undefined || uint16(at + 2) !== asciiType || bytes > maxTextBytes) continue;
    const from = bytes > inlineBytes ? uint32(at + 8) : at + 8;
    const text = tiff
      .toString('utf8', from, from + bytes)
      .replace(/\0.*$/s, '')
      .trim();
    if (text !== '') credits[name] = text;
  }
  return credits;
}
