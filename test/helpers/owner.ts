import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Has a lifetime that resources can be tied to: a test, or `node:test` itself within a suite. */
export interface Owner {
  after(close: () => unknown): void;
}

/** A stack of closers: `closeAll` runs all of them, last first, even if one fails, then throws the first error. */
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
 * Closes a resource when its owner ends: last opened first, the rest even if one fails. `node:test` itself runs `after`
 * hooks in order of registration and none after a failed one: a service would lose its folder, then be left running.
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

/** Creates a folder, removed when its owner ends. */
export async function temporaryFolder(owner: Owner, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `imgwire-${name}-`));
  closeWith(owner, () => rm(folder, { recursive: true, force: true }));
  return folder;
}
