import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Check, type Static, Type } from '../../contract/typebox.ts';

/** Up to where the caches in a folder know the deletions of the shared store. */
const SavedCursor = Type.Object({
  /** Which store, since a cursor means nothing to another. */
  store: Type.String(),
  cursor: Type.String(),
  /** Milliseconds since the epoch. */
  heardAt: Type.Number(),
});

export type SavedCursor = Static<typeof SavedCursor>;

const fileName = 'deletions';

/** @returns undefined where it is missing or cannot be read */
export async function readCursor(folder: string): Promise<SavedCursor | undefined> {
  try {
    const saved: unknown = JSON.parse(await readFile(join(folder, fileName), 'utf8'));
    return Check(SavedCursor, saved) ? saved : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step. */
export async function writeCursor(folder: string, saved: SavedCursor): Promise<void> {
  const path = join(folder, fileName);
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, JSON.stringify(saved));
  await rename(unfinished, path);
}
