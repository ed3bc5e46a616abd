import { appendFile, type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { writeDurably } from './durable.ts';
import { systemCode } from './errors.ts';
import { hasHeader, header, lineBytes, lineOf, linesFrom, type Upload } from './index-lines.ts';

export interface IndexRebuild {
  path: string;
  /** Path of the new file until it is complete. */
  unfinished: string;
  /** Rewrites the index even if it is complete. */
  isForced: boolean;
  ids(): AsyncIterable<string>;
  /** Undefined if the image is gone. */
  storedAt(imageId: string): Promise<number | undefined>;
  /** Milliseconds that lines without an image are kept, as their uploads may be in progress. */
  inFlightMs: number;
  /** Yields to requests, and throws to stop. */
  pause(): Promise<void>;
}

/**
 * Checks the index against the names of the images, and rewrites it in time order if it is incomplete or `isForced`.
 * Keeps concurrent appends.
 */
export async function rebuildIndex(options: IndexRebuild): Promise<void> {
  // Created if missing, for concurrent uploads to append to the same file.
  const old = await open(options.path, 'a+');
  try {
    if (options.isForced || !(await isComplete(old, options))) await rewrite(old, options);
  } finally {
    await old.close();
  }
}

async function isComplete(file: FileHandle, { ids, pause }: IndexRebuild): Promise<boolean> {
  if (!(await hasHeader(file))) return false;
  const known = new Set<number>();
  for await (const { lines } of linesFrom(file, lineBytes)) {
    for (const { upload, isDamaged } of lines) {
      if (upload === undefined || isDamaged) return false;
      known.add(shortId(upload.imageId));
    }
    await pause();
  }
  const missing: string[] = [];
  for await (const imageId of ids()) {
    if (!known.has(shortId(imageId))) missing.push(imageId);
    await pause();
  }
  if (missing.length === 0) return true;
  // Possibly uploaded since the index was read.
  const late = new Set<string>();
  for await (const { lines } of linesFrom(file, lineBytes))
    for (const { upload } of lines) if (upload) late.add(upload.imageId);
  return missing.every((imageId) => late.has(imageId));
}

/** The first 52 bits of an id, which fit a number and rarely collide. */
const shortId = (imageId: string) => Number.parseInt(imageId.slice(0, 13), 16);

async function rewrite(old: FileHandle, options: IndexRebuild): Promise<void> {
  const { path, unfinished, ids, storedAt, inFlightMs, pause } = options;
  const started = Date.now();
  const found = new Map<string, number>();
  for await (const imageId of ids()) {
    const time = await storedAt(imageId);
    if (time !== undefined) found.set(imageId, time);
    await pause();
  }
  const sorted = await sortedLines(found, pause);

  // Lines of images that were not there yet when their folder was read.
  const inFlight: string[] = [];
  let readUpTo = 0;
  const keepIfInFlight = ({ imageId, storedAt: time }: Upload) => {
    if (found.get(imageId) !== time && time >= started - inFlightMs) inFlight.push(lineOf({ imageId, storedAt: time }));
  };
  for await (const { lines, end } of linesFrom(old, 0)) {
    for (const { upload } of lines) if (upload !== undefined) keepIfInFlight(upload);
    readUpTo = end;
    await pause();
  }

  try {
    await writeDurably(unfinished, Buffer.concat([header, sorted, Buffer.from(inFlight.join(''))]));
    if ((await inodeOf(path)) !== (await old.stat()).ino) return;
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true }).catch(() => {});
  }
  // Lines appended to the old file before it was replaced.
  for await (const { lines } of linesFrom(old, readUpTo)) {
    for (const { upload } of lines) if (upload !== undefined) await appendFile(path, lineOf(upload));
  }
}

/** Sorts by counting, with pauses: `Array.sort` would block the event loop. */
async function sortedLines(found: ReadonlyMap<string, number>, pause: () => Promise<void>): Promise<Buffer> {
  const times = Float64Array.from(found.values()).sort();
  const placed = new Uint32Array(times.length);
  const lines = Buffer.alloc(times.length * lineBytes);
  for (const [imageId, storedAt] of found) {
    const first = lowerBound(times, storedAt);
    const place = first + (placed[first] ?? 0);
    placed[first] = place - first + 1;
    lines.write(lineOf({ imageId, storedAt }), place * lineBytes, 'latin1');
    await pause();
  }
  return lines;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
