import { makeIfAbsent } from '../../owned-folder.ts';
import { syncFolder } from './durable.ts';
import { systemCode } from './errors.ts';
import type { ImageRoot } from './image-root.ts';
import { foldersOf } from './layout.ts';

/** The folders of images. What they hold survives a power loss once they are settled and synced. */
export interface ImageFolders {
  /**
   * Makes what is missing, unless this process has settled it.
   * @returns whether the innermost was missing, and no image can be in it
   * @throws where the root is lost, which is not made
   */
  make(imageId: string): Promise<boolean>;
  /** Makes the names of the folders durable: another process may have made them, and not synced them yet. */
  settle(imageId: string): Promise<void>;
  /** Makes the names in the innermost folder durable. */
  sync(imageId: string): Promise<void>;
  /** For a folder that is gone. */
  forget(imageId: string): void;
}

/** @param syncOne where there is another way to sync a folder */
export function createImageFolders(root: ImageRoot, syncOne = syncFolder): ImageFolders {
  const sync = shared(syncOne);
  // Once a folder's name is durable it stays so.
  const [outerSettled, innerSettled] = [new Uint8Array(256), new Uint8Array(65_536)];
  const outerOf = (imageId: string) => Number.parseInt(imageId.slice(0, 2), 16);
  const innerOf = (imageId: string) => Number.parseInt(imageId.slice(0, 4), 16);

  return {
    async make(imageId) {
      if (innerSettled[innerOf(imageId)]) return false;
      const [, outer, inner] = foldersOf(root.path, imageId);
      try {
        return await makeIfAbsent(inner);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
        await root.make(outer);
        return makeIfAbsent(inner);
      }
    },
    async settle(imageId) {
      if (innerSettled[innerOf(imageId)]) return;
      const [, outer] = foldersOf(root.path, imageId);
      await Promise.all([sync(outer), outerSettled[outerOf(imageId)] || sync(root.path)]);
      outerSettled[outerOf(imageId)] = 1;
      innerSettled[innerOf(imageId)] = 1;
    },
    sync: (imageId) => sync(foldersOf(root.path, imageId)[2]),
    forget(imageId) {
      outerSettled[outerOf(imageId)] = 0;
      innerSettled[innerOf(imageId)] = 0;
    },
  };
}

/** Calls for a path that come before its next run begins share that run; none shares one that has begun before. */
function shared(run: (path: string) => Promise<void>): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();
  return (path) => {
    const joined = waiting.get(path);
    if (joined !== undefined) return joined;
    const begin = () => {
      waiting.delete(path);
      const work = run(path).finally(() => {
        if (running.get(path) === work) running.delete(path);
      });
      running.set(path, work);
      return work;
    };
    const before = running.get(path) ?? Promise.resolve();
    const next = before.then(begin, begin);
    waiting.set(path, next);
    return next;
  };
}
