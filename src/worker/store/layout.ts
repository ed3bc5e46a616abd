import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Pattern } from '../../contract/sha256.ts';
import { systemCode } from './errors.ts';

export const branchPattern = /^[0-9a-f]{2}$/;
export const idPattern = new RegExp(sha256Pattern);

/** Paths of `<root>`, `ab` and `cd`: two levels bound the number of names per folder. */
export function foldersOf(root: string, imageId: string): [string, string, string] {
  const outer = join(root, imageId.slice(0, 2));
  return [root, outer, join(outer, imageId.slice(2, 4))];
}

export function pathOf(root: string, imageId: string): string {
  return join(foldersOf(root, imageId)[2], imageId);
}

/** Yields the ids after this one in order, and reads folders lazily. Skips foreign names. */
export async function* idsAfter(root: string, after: string): AsyncGenerator<string> {
  for await (const prefix of prefixesAfter(root, after)) yield* await idsIn(root, prefix, after);
}

/** Yields the four-digit prefix of each folder that may hold ids after this one, in order, and reads folders lazily. */
export async function* prefixesAfter(root: string, after: string): AsyncGenerator<string> {
  for (const outer of await names(root, branchPattern)) {
    if (outer < after.slice(0, 2)) continue;
    for (const inner of await branchNames(join(root, outer), branchPattern)) {
      if (outer + inner >= after.slice(0, 4)) yield outer + inner;
    }
  }
}

/** Ids of one folder after this one, in order. Skips foreign names. */
export async function idsIn(root: string, prefix: string, after: string): Promise<string[]> {
  const ids = await branchNames(foldersOf(root, prefix)[2], idPattern);
  return ids.filter((imageId) => imageId > after && imageId.startsWith(prefix));
}

async function names(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}

/** Empty if the folder is gone, or is not a folder. */
async function branchNames(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    return await names(folder, pattern);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}
