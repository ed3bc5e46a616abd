import { withChunks } from '../colour/png-chunks.ts';
import type { KeptMetadata } from './kept-metadata.ts';

/** Keyword of an iTXt chunk, without compression, language or translated keyword. */
const xmpHeader = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1');

export const xmpChunk = (xmp: Buffer) => ({ type: 'iTXt', data: Buffer.concat([xmpHeader, xmp]) });

/** sharp writes its default of 25.4 pixels an inch. */
const unfounded = new Set(['pHYs']);

export const withoutDensity = (png: Buffer) => withChunks(png, [], unfounded);

export function addPngMetadata(png: Buffer, { exif, xmp }: Pick<KeptMetadata, 'exif' | 'xmp'>): Buffer {
  const chunks: { type: string; data: Buffer }[] = [];
  if (exif !== undefined) chunks.push({ type: 'eXIf', data: exif });
  if (xmp !== undefined) chunks.push(xmpChunk(xmp));
  return withChunks(png, chunks, unfounded);
}
