import { closeSync, fstatSync, read } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ByteRange } from '../../contract/byte-range.ts';
import type { Logger } from '../../log.ts';
import { checkDataFolder, prepareDataFolder } from './data-folder.ts';
import { exists, moveIfAbsent, openFile, syncFolder, writeDurably } from './durable.ts';
import { noImage, storeError, systemCode } from './errors.ts';
import { createImageFolders } from './image-folders.ts';
import { createImageRoot } from './image-root.ts';
import { timeOf } from './index-lines.ts';
import { foldersOf, idsAfter, pathOf } from './layout.ts';
import { listById } from './list-by-id.ts';
import type { Store, StoredImage } from './store.ts';
import { findTemporaryFolder, openTemporaryFolder, sweepTemporary, temporaryName } from './temporary.ts';
import { openUploadIndex } from './upload-index.ts';

export interface FsStoreOptions {
  /** Created if missing. */
  dataDir: string;
  /** Request timeout; older unfinished files are swept. */
  timeoutMs: number;
  /** Serves what it can if the folder is lost or read-only; default false. */
  isReplacement?: boolean;
  log: Logger;
}

const readFrom = promisify(read);

const sweepEveryMs = 60_000;
const minInFlightMs = 60_000;

/**
 * Opens a store in a folder, which processes may share. An image is written to `tmp`, synced and linked under `images`,
 * and its folder is synced before the acknowledgement: a name always refers to a whole image. Sweeps only temporary
 * files with our names, in a folder that is ours.
 * @throws Error that names a folder it cannot create or write; a replacement logs a warning instead, and
 * creates no folder
 */
export async function createFsStore(options: FsStoreOptions): Promise<Store> {
  const { dataDir, timeoutMs, isReplacement = false, log } = options;
  const root = join(dataDir, 'images');
  let temporary = isReplacement
    ? await checkDataFolder(dataDir, root).catch((error) => {
        log.warn({ err: error }, 'store cannot be written');
        return undefined;
      })
    : await prepareDataFolder(dataDir, root);
  const imageRoot = createImageRoot(root);
  // If it is lost, requests fail, not the start.
  await imageRoot.assertPresent().catch(() => {});
  const folders = createImageFolders(imageRoot);

  /** Creates it again if it was removed, but not under a lost mount. */
  async function temporaryFolder(): Promise<string> {
    temporary ??= await findTemporaryFolder(dataDir);
    if (await exists(temporary)) return temporary;
    await imageRoot.assertPresent();
    temporary = await openTemporaryFolder(dataDir);
    return temporary;
  }
  const temporaryPath = async () => join(await temporaryFolder(), temporaryName());

  const sweep = () =>
    temporaryFolder()
      .then((folder) => sweepTemporary(folder, timeoutMs))
      .catch((error) => log.warn({ err: error }, 'temporary files cannot be swept'));
  await sweep();
  const timer = setInterval(sweep, sweepEveryMs).unref();
  const index = await openUploadIndex({
    root,
    temporaryPath,
    ids: () => idsAfter(root, ''),
    describe,
    inFlightMs: Math.max(minInFlightMs, 2 * timeoutMs),
    log,
  });

  /** Throws `not_found` only while the root is present: under a lost mount, the image may still exist. */
  async function throwNotFound(imageId: string, error: unknown): Promise<never> {
    if (systemCode(error) !== 'ENOENT') throw error;
    await imageRoot.assertPresent();
    throw noImage(imageId, error);
  }

  async function put(imageId: string, bytes: Buffer): Promise<{ created: boolean }> {
    const isFirst = await folders.create(imageId);
    if (isFirst || !(await exists(pathOf(root, imageId)))) return write(imageId, bytes);
    // The upload that created it may not have synced it yet.
    await Promise.all([folders.syncParents(imageId), folders.sync(imageId)]);
    return { created: false };
  }

  async function write(imageId: string, bytes: Buffer): Promise<{ created: boolean }> {
    const unfinished = await temporaryPath();
    // If this fails, the sweep removes it.
    const remove = () => unlink(unfinished).catch(() => {});
    try {
      const parentsSynced = folders.syncParents(imageId);
      // Awaited below, once there is a file to remove on failure.
      parentsSynced.catch(() => {});
      const createdAt = await writeDurably(unfinished, bytes);
      await parentsSynced;
      // Before the image, so that a crash leaves none without an index line.
      await index.append({ imageId, storedAt: timeOf({ createdAt }) });
      const created = await moveIntoPlace(unfinished, imageId);
      await Promise.all([folders.sync(imageId), remove()]);
      return { created };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** @returns whether the image was absent */
  async function moveIntoPlace(unfinished: string, imageId: string): Promise<boolean> {
    try {
      return await moveIfAbsent(unfinished, pathOf(root, imageId));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      // The image's folder was removed. If the unfinished file was, the second attempt fails as well.
      folders.invalidate(imageId);
      await folders.create(imageId);
      await folders.syncParents(imageId);
      return moveIfAbsent(unfinished, pathOf(root, imageId));
    }
  }

  async function describe(imageId: string): Promise<StoredImage | undefined> {
    try {
      const file = await stat(pathOf(root, imageId));
      return file.isFile() ? { imageId, size: file.size, createdAt: file.mtime } : undefined;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function openImage(imageId: string) {
    const file = await openFile(pathOf(root, imageId), 'r').catch((error) => throwNotFound(imageId, error));
    const close = () => {
      try {
        closeSync(file);
      } catch {
        // Opened for reading: a failed close loses nothing.
      }
    };
    try {
      // Synchronous, to skip the thread pool: fstat of an open file does not block.
      const { size, mtime } = fstatSync(file);
      return { file, size, createdAt: mtime, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  return {
    // Checked when the store was opened.
    ready: async () => {},

    put: (imageId, bytes) => withPublicErrors(put(imageId, bytes)),

    read: (imageId) =>
      withPublicErrors(
        (async () => {
          const { file, size, createdAt, close } = await openImage(imageId);
          try {
            return { bytes: await readBytes(file, 0, size), createdAt };
          } finally {
            close();
          }
        })(),
      ),

    open: (imageId) =>
      withPublicErrors(
        (async () => {
          const { file, size, close } = await openImage(imageId);
          const read = ({ offset = 0, length = size }: Partial<ByteRange>) =>
            withPublicErrors(readBytes(file, offset, Math.max(0, Math.min(length, size - offset))));
          return { size, read, close };
        })(),
      ),

    check: (imageId) =>
      withPublicErrors(
        (async () => {
          await stat(pathOf(root, imageId)).catch((error) => throwNotFound(imageId, error));
        })(),
      ),

    delete: (imageId) =>
      withPublicErrors(
        (async () => {
          await unlink(pathOf(root, imageId)).catch((error) => throwNotFound(imageId, error));
          await syncFolder(foldersOf(root, imageId)[2]);
        })(),
      ),

    list: ({ order = 'id', ...options }) =>
      withPublicErrors(
        (async () => {
          const page = await (order === 'newest' ? index.list(options) : listById({ root, describe, ...options }));
          // A mount lost meanwhile would silently leave out images.
          await imageRoot.assertPresent();
          return page;
        })(),
      ),

    close() {
      clearInterval(timer);
      index.close();
    },
  };
}

async function readBytes(file: number, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await readFrom(file, bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function withPublicErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storeError(error);
  }
}
