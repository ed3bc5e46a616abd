import { readdir, stat } from 'node:fs/promises';
import { RequestError } from '../../contract/errors.ts';
import { makeIfAbsent } from '../../owned-folder.ts';
import { branch } from './layout.ts';

/** The folder of all images. It is made at the first start alone: one that is lost later is no empty store. */
export interface ImageRoot {
  readonly path: string;
  /**
   * Tells a lost folder from one in which an image is missing.
   * @throws file system errors; RequestError `store_unavailable` for an empty folder in place of one with images
   */
  expect(): Promise<void>;
  /**
   * Makes a folder in it.
   * @throws as `expect`
   */
  make(folder: string): Promise<void>;
}

/**
 * A mount that is lost may leave an empty folder of the same name, told by device and inode. Both may change as well when
 * the mount comes back, and inodes of some FUSE file systems at any time: so another folder that holds images is taken.
 */
export function createImageRoot(path: string): ImageRoot {
  let known: string | undefined;
  /** Deletions leave the folders of images. */
  let holdsImages = false;

  async function expect(): Promise<void> {
    const { dev, ino } = await stat(path);
    const found = `${dev} ${ino}`;
    if (found === known && holdsImages) return;
    const isUsed = (await readdir(path)).some((name) => branch.test(name));
    if (holdsImages && !isUsed) {
      throw new RequestError('store_unavailable', 'The store cannot be used: its folder was replaced by an empty one');
    }
    known = found;
    holdsImages = isUsed;
  }

  return {
    path,
    expect,
    async make(folder) {
      await expect();
      await makeIfAbsent(folder);
      holdsImages = true;
    },
  };
}
