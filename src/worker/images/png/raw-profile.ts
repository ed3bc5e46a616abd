import { inflateSync } from 'node:zlib';
import type { Chunk } from '../colour/png-chunks.ts';

const keyword = /^Raw profile type (exif|APP1|xmp)\0/;
/** Of the longest keyword. */
const keywordBytes = 22;

/** A line with the name, one with the length in bytes, then lines of hex digits. */
const content = /^\n\w+\n *\d+\n([\da-f\s]*)$/;

const maxTextBytes = 4_194_304;

/**
 * Reads EXIF or XMP data that ImageMagick, before it wrote standard chunks, wrote as text.
 * @returns undefined for other chunks
 */
export function readRawProfile({ type, data }: Chunk): { name: string; data: Buffer } | undefined {
  if (type !== 'zTXt' && type !== 'tEXt') return undefined;
  const [start, name] = keyword.exec(data.toString('latin1', 0, keywordBytes)) ?? [];
  if (start === undefined || name === undefined) return undefined;
  const rest = data.subarray(start.length);
  const text = type === 'tEXt' ? rest : inflate(rest.subarray(1));
  const [, digits] = content.exec(text?.toString('latin1') ?? '') ?? [];
  return digits === undefined ? undefined : { name, data: Buffer.from(digits.replace(/\s+/g, ''), 'hex') };
}

/** @returns undefined for damaged data */
function inflate(data: Buffer): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: maxTextBytes });
  } catch {
    return undefined;
  }
}
