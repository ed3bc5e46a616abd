import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Check, type Static, Type } from '../../contract/typebox.ts';

/** How far the caches in a folder have followed the deletions of the shared store. */
const SavedCursor = Type.Object({
  /** A cursor is valid only for its own store. */
  store: Type.String(),
  cursor: Type.String(),
  /** Milliseconds since the epoch. */
  heardAt: Type.Number(),
});

export type SavedCursor = Static<typeof SavedCursor>;

const fileName = 'deletions';

/** @returns undefined if the file is missing or unreadable */
export async function readCursor(folder: string): Promise<SavedCursor | undefined> {
  try {
    const saved: unknown = JSON.parse(await readFile(join(folder, fileName), 'utf8'));
    return Check(SavedCursor, saved) ? saved : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file atomically. */
export async function writeCursor(folder: string, saved: SavedCursor): Promise<void> {
  const path = join(folder, fileName);
  const temporaryPath = `${path}.tmp`;
  await writeFile(temporaryPath, JSON.stringify(saved));
  await rename(temporaryPath, path);
}
