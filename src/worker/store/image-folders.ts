import { makeIfAbsent } from '../../make-folder.ts';
import { syncFolder } from './durable.ts';
import { systemCode } from './errors.ts';
import type { ImageRoot } from './image-root.ts';
import { foldersOf } from './layout.ts';

/** The folders of images. Their files survive a power loss once `syncParents` and `sync` have resolved. */
export interface ImageFolders {
  /**
   * Creates the missing folders of an image, unless this process has already synced their names.
   * @returns whether the innermost folder was missing, so it holds no image yet
   * @throws if the root is lost, which is not recreated
   */
  create(imageId: string): Promise<boolean>;
  /** Makes the names of the folders durable, also if another process created them and has not synced them yet. */
  syncParents(imageId: string): Promise<void>;
  /** Makes the names in the innermost folder durable. */
  sync(imageId: string): Promise<void>;
  /** Forgets that the folders were synced, as they have been removed. */
  invalidate(imageId: string): void;
}

/** @param syncOne default: fsync of the folder */
export function createImageFolders(root: ImageRoot, syncOne = syncFolder): ImageFolders {
  const sync = coalesce(syncOne);
  // A folder's name needs to be synced only once.
  const [outerSynced, innerSynced] = [new Uint8Array(256), new Uint8Array(65_536)];
  const outerOf = (imageId: string) => Number.parseInt(imageId.slice(0, 2), 16);
  const innerOf = (imageId: string) => Number.parseInt(imageId.slice(0, 4), 16);

  return {
    async create(imageId) {
      if (innerSynced[innerOf(imageId)]) return false;
      const [, outer, inner] = foldersOf(root.path, imageId);
      try {
        return await makeIfAbsent(inner);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
        await root.createFolder(outer);
        return makeIfAbsent(inner);
      }
    },
    async syncParents(imageId) {
      if (innerSynced[innerOf(imageId)]) return;
      const [, outer] = foldersOf(root.path, imageId);
      await Promise.all([sync(outer), outerSynced[outerOf(imageId)] || sync(root.path)]);
      outerSynced[outerOf(imageId)] = 1;
      innerSynced[innerOf(imageId)] = 1;
    },
    sync: (imageId) => sync(foldersOf(root.path, imageId)[2]),
    invalidate(imageId) {
      outerSynced[outerOf(imageId)] = 0;
      innerSynced[innerOf(imageId)] = 0;
    },
  };
}

/**
 * Lets calls for the same path share the next run. A run that has already started is never shared: it
 * may miss a change.
 */
function coalesce(run: (path: string) => Promise<void>): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();
  return (path) => {
    const joined = waiting.get(path);
    if (joined !== undefined) return joined;
    const start = () => {
      waiting.delete(path);
      const work = run(path).finally(() => {
        if (running.get(path) === work) running.delete(path);
      });
      running.set(path, work);
      return work;
    };
    const previous = running.get(path) ?? Promise.resolve();
    const next = previous.then(start, start);
    waiting.set(path, next);
    return next;
  };
}
