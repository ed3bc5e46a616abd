import { inflateSync } from 'node:zlib';
import type { Chunk } from '../colour/png-chunks.ts';

const keyword = /^Raw profile type (exif|APP1|xmp)\0/;
/** Of the longest keyword. */
const keywordBytes = 22;

/** A line with the name, one with the length in bytes, then lines of hex digits. */
const content = /^\n\w+\n *\d+\n([\da-f\s]*)$/;

const maxTextBytes = 4_194_304;

/** Whether `readRawProfile` may read the chunk. */
export const isRawProfile = (chunk: Chunk): boolean => keywordOf(chunk) !== null;

function keywordOf({ type, data }: Chunk): RegExpExecArray | null {
  const isText = type === 'zTXt' || type === 'tEXt';
  return isText ? keyword.exec(data.toString('latin1', 0, keywordBytes)) : null;
}

/**
 * Reads EXIF or XMP data that ImageMagick, before it wrote standard chunks, wrote as text.
 * @returns undefined for other chunks
 */
export function readRawProfile(chunk: Chunk): { name: string; data: Buffer } | undefined {
  const [start, name] = keywordOf(chunk) ?? [];
  if (start === undefined || name === undefined) return undefined;
  const { type, data } = chunk;
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
