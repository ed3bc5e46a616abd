import type { FileHandle } from 'node:fs/promises';

export interface Upload {
  imageId: string;
  /** `timeOf` the file; a line with another time belongs to a deleted image. */
  storedAt: number;
}

export interface IndexLine {
  /** Byte offset of the line. */
  start: number;
  /** Undefined if unreadable. */
  upload: Upload | undefined;
  isDamaged: boolean;
}

/** @returns whole milliseconds since the epoch, clamped to 13 digits */
export function timeOf({ createdAt }: { createdAt: Date }): number {
  return Math.min(9_999_999_999_999, Math.max(0, createdAt.getTime()));
}

/** Fixed: concurrent appends do not interleave, and lines are found by number. */
export const lineBytes = 79;

/**
 * Marks an index as complete; one that was lost and started anew by an append has no header, and misses
 * earlier uploads.
 */
export const header = Buffer.from(`${'imgwire uploads 1'.padEnd(lineBytes - 1)}\n`);

export function lineOf({ storedAt, imageId }: Upload): string {
  return `${String(storedAt).padStart(13, '0')} ${imageId}\n`;
}

export async function hasHeader(file: FileHandle): Promise<boolean> {
  return (await read(file, 0, lineBytes)) === header.toString('latin1');
}

/**
 * Reads about `count` lines up to `end`, last first.
 * @returns the lines, and the next call's `end`
 */
export async function linesBefore(
  file: FileHandle,
  end: number,
  count: number,
): Promise<{ lines: IndexLine[]; rest: number }> {
  const from = Math.max(lineBytes, end - count * lineBytes);
  // One byte more shows whether a line starts at `from`.
  const text = await read(file, from - 1, end);
  const first = text.indexOf('\n') + 1;
  // A damaged line that is longer than the block.
  if (first === 0 || first === text.length) return { lines: parse(text, from - 1), rest: from };
  const rest = from - 1 + first;
  return { lines: parse(text.slice(first), rest).reverse(), rest };
}

/** Reads lines block by block; `end` is the offset after each block. */
export async function* linesFrom(file: FileHandle, start: number): AsyncGenerator<{ lines: IndexLine[]; end: number }> {
  let at = start;
  for (;;) {
    const text = await read(file, at, at + blockBytes);
    if (text === '') return;
    // May end with a torn line.
    const length = text.length < blockBytes ? text.length : text.lastIndexOf('\n') + 1 || text.length;
    const end = at + length;
    yield { lines: parse(text.slice(0, length), at), end };
    at = end;
  }
}

/** Finds the offset up to which lines are older than an upload: its own line, or where that would be. */
export async function findOlder(file: FileHandle, size: number, { storedAt, imageId }: Upload): Promise<number> {
  let low = 1;
  let high = Math.floor(size / lineBytes);
  while (low < high) {
    const middle = (low + high) >> 1;
    const { upload } = await lineAt(file, middle * lineBytes);
    const isOlder =
      upload === undefined || upload.storedAt < storedAt || (upload.storedAt === storedAt && upload.imageId < imageId);
    if (isOlder) low = middle + 1;
    else high = middle;
  }
  return (await lineAt(file, low * lineBytes)).start;
}

/** The line at an offset, or the next one. */
export async function lineAt(file: FileHandle, offset: number): Promise<IndexLine> {
  const text = await read(file, offset - 1, offset + 2 * lineBytes);
  const first = text.indexOf('\n') + 1;
  const [line] = parse(text.slice(first), offset - 1 + first);
  return line ?? { start: offset, upload: undefined, isDamaged: true };
}

const blockBytes = 65_536;

// Anchored at the end only: the torn part of another line may precede it.
const pattern = /(\d{13}) ([0-9a-f]{64})$/;

function parse(text: string, offset: number): IndexLine[] {
  const lines: IndexLine[] = [];
  let start = offset;
  for (const line of text.split('\n')) {
    const [, storedAt, imageId] = pattern.exec(line) ?? [];
    const upload = imageId === undefined ? undefined : { storedAt: Number(storedAt), imageId };
    const isDamaged = upload === undefined || line.length !== lineBytes - 1;
    if (line !== '') lines.push({ start, upload, isDamaged });
    start += line.length + 1;
  }
  return lines;
}

async function read(file: FileHandle, from: number, to: number): Promise<string> {
  const length = Math.max(0, to - from);
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, from);
  return buffer.toString('latin1', 0, bytesRead);
}
