import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Whatever ends what was opened for it: a test, or `node:test` itself within a suite. */
export interface Owner {
  after(close: () => unknown): void;
}

/** Closes the last first, all of it even where one fails; then throws the first error. */
export function createClosers() {
  const closers: (() => unknown)[] = [];
  return {
    push: (close: () => unknown) => void closers.push(close),
    async closeAll(): Promise<void> {
      const errors: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

const opened = new WeakMap<object, ReturnType<typeof createClosers>>();

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
  const closers = createClosers();
  closers.push(close);
  opened.set(key, closers);
  owner.after(closers.closeAll);
}

/** A new folder, which goes with its owner. */
export async function temporaryFolder(owner: Owner, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `imgwire-${name}-`));
  closeWith(owner, () => rm(folder, { recursive: true, force: true }));
  return folder;
}
