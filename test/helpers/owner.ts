import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Whatever ends what was opened for it: a test, or `node:test` itself within a suite. */
export interface Owner {
  after(close: () => unknown): void;
}

const opened = new WeakMap<object, (() => unknown)[]>();

/**
 * Closes with its owner: what was opened last goes first, and the rest goes even where one fails. `node:test` calls hooks
 * in the order in which they came, and none after one that failed: a service would lose its folder, and then be left over.
 */
export function closeWith(owner: Owner, close: () => unknown): void {
  const key = owner.after === after ? after : owner;
  const others = opened.get(key);
  if (others !== undefined) {
    others.push(close);
    return;
  }
  const closers = [close];
  opened.set(key, closers);
  owner.after(async () => {
    const errors: unknown[] = [];
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) {
      try {
        await next();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  });
}

/** A new folder, which goes with its owner. */
export async function temporaryFolder(owner: Owner, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `imgwire-${name}-`));
  closeWith(owner, () => rm(folder, { recursive: true, force: true }));
  return folder;
}
