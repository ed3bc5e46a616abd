import { readdir, stat } from 'node:fs/promises';
import { RequestError } from '../../contract/errors.ts';
import { makeIfAbsent } from '../../make-folder.ts';
import { branchPattern } from './layout.ts';

/**
 * The folder of all images. Created only at the first start: if it is lost later, the store is not empty
 * but unavailable.
 */
export interface ImageRoot {
  readonly path: string;
  /**
   * Distinguishes a lost folder from a missing image.
   * @throws file system errors; RequestError `store_unavailable` for an empty folder in place of one with images
   */
  assertPresent(): Promise<void>;
  /**
   * Creates a folder inside it.
   * @throws as `assertPresent`
   */
  createFolder(folder: string): Promise<void>;
}

/**
 * Detects a lost mount, which may leave an empty folder of the same name, by device and inode. Both may also
 * change when the mount comes back, and inodes of some FUSE file systems at any time, so another folder is
 * accepted if it holds images.
 */
export function createImageRoot(path: string): ImageRoot {
  let knownIdentity: string | undefined;
  /** Stays true after deletions, which leave the folders of images behind. */
  let holdsImages = false;

  async function assertPresent(): Promise<void> {
    const { dev, ino } = await stat(path);
    const identity = `${dev} ${ino}`;
    if (identity === knownIdentity && holdsImages) return;
    const isUsed = (await readdir(path)).some((name) => branchPattern.test(name));
    if (holdsImages && !isUsed) {
      throw new RequestError('store_unavailable', 'The store cannot be used: its folder was replaced by an empty one');
    }
    knownIdentity = identity;
    holdsImages = isUsed;
  }

  return {
    path,
    assertPresent,
    async createFolder(folder) {
      await assertPresent();
      await makeIfAbsent(folder);
      holdsImages = true;
    },
  };
}
