import { closeSync, fstatSync, read } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '../../log.ts';
import { prepareDataFolder, tryDataFolder } from './data-folder.ts';
import { exists, moveIfAbsent, openFile, syncFolder, writeDurably } from './durable.ts';
import { noImage, storeError, systemCode } from './errors.ts';
import { createImageFolders } from './image-folders.ts';
import { createImageRoot } from './image-root.ts';
import { timeOf } from './index-lines.ts';
import { foldersOf, idsAfter, pathOf } from './layout.ts';
import { listById } from './list-by-id.ts';
import type { ByteRange, Store, StoredImage } from './store.ts';
import { findTemporaryFolder, sweepTemporary, temporaryName } from './temporary.ts';
import { openUploadIndex } from './upload-index.ts';

export interface FsStoreOptions {
  /** Created if missing. */
  dataDir: string;
  /** Request timeout; older unfinished files are swept. */
  timeoutMs: number;
  /** Serves what it can where the folder is lost or read-only; default false. */
  isReplacement?: boolean;
  log: Logger;
}

const readFrom = promisify(read);

const sweepEveryMs = 60_000;
const leastInFlightMs = 60_000;

/**
 * Processes may share the folder. Images are written to `tmp`, synced, linked under `images`, and that folder synced
 * before the acknowledgement: a name always holds a whole image. Sweeps only our own names in a folder that is ours.
 * @throws Error that names a folder it cannot create or write; a replacement warns of it, and makes no folder
 */
export async function createFsStore(options: FsStoreOptions): Promise<Store> {
  const { dataDir, timeoutMs, isReplacement = false, log } = options;
  const root = join(dataDir, 'images');
  let temporary = isReplacement
    ? await tryDataFolder(dataDir, root).catch((error) => {
        log.warn({ err: error }, 'store cannot be written');
        return undefined;
      })
    : await prepareDataFolder(dataDir, root);
  const imageRoot = createImageRoot(root);
  // Where it fails, the requests do.
  await imageRoot.expect().catch(() => {});
  const folders = createImageFolders(imageRoot);

  async function temporaryFolder(): Promise<string> {
    temporary ??= await findTemporaryFolder(dataDir);
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
    inFlightMs: Math.max(leastInFlightMs, 2 * timeoutMs),
    log,
  });

  /** `not_found` only while the root exists: a lost mount proves nothing. */
  async function missing(imageId: string, error: unknown): Promise<never> {
    if (systemCode(error) !== 'ENOENT') throw error;
    await imageRoot.expect();
    throw noImage(imageId, error);
  }

  async function put(imageId: string, bytes: Buffer): Promise<{ created: boolean }> {
    const isFirst = await folders.make(imageId);
    if (isFirst || !(await exists(pathOf(root, imageId)))) return write(imageId, bytes);
    // Its creator may not have synced it yet.
    await Promise.all([folders.settle(imageId), folders.sync(imageId)]);
    return { created: false };
  }

  async function write(imageId: string, bytes: Buffer): Promise<{ created: boolean }> {
    const unfinished = await temporaryPath();
    // Else the sweep removes it.
    const remove = () => unlink(unfinished).catch(() => {});
    try {
      const settled = folders.settle(imageId);
      // Awaited below, when the file is there to be removed.
      settled.catch(() => {});
      const createdAt = await writeDurably(unfinished, bytes);
      await settled;
      // First, so that a crash leaves no image without index line.
      await index.append({ imageId, storedAt: timeOf({ createdAt }) });
      const created = await name(unfinished, imageId);
      await Promise.all([folders.sync(imageId), remove()]);
      return { created };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** @returns whether the image was absent */
  async function name(unfinished: string, imageId: string): Promise<boolean> {
    try {
      return await moveIfAbsent(unfinished, pathOf(root, imageId));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      // Its folder was removed, if not the file.
      folders.forget(imageId);
      await folders.make(imageId);
      await folders.settle(imageId);
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
    const file = await openFile(pathOf(root, imageId), 'r').catch((error) => missing(imageId, error));
    const close = () => {
      try {
        closeSync(file);
      } catch {
        // Nothing was written: a failed close loses nothing.
      }
    };
    try {
      // Sync, to skip the thread pool: fstat of an open file does not block.
      const { size, mtime } = fstatSync(file);
      return { file, size, createdAt: mtime, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  return {
    // One that cannot be used has ended the start of the service.
    ready: async () => {},

    put: (imageId, bytes) => mapped(put(imageId, bytes)),

    read: (imageId) =>
      mapped(
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
      mapped(
        (async () => {
          const { file, size, close } = await openImage(imageId);
          const read = ({ offset = 0, length = size }: ByteRange) =>
            mapped(readBytes(file, offset, Math.max(0, Math.min(length, size - offset))));
          return { size, read, close };
        })(),
      ),

    check: (imageId) =>
      mapped(
        (async () => {
          await stat(pathOf(root, imageId)).catch((error) => missing(imageId, error));
        })(),
      ),

    delete: (imageId) =>
      mapped(
        (async () => {
          await unlink(pathOf(root, imageId)).catch((error) => missing(imageId, error));
          await syncFolder(foldersOf(root, imageId)[2]);
        })(),
      ),

    list: ({ order = 'id', ...options }) =>
      mapped(
        (async () => {
          const page = await (order === 'newest' ? index.list(options) : listById({ root, describe, ...options }));
          // A mount lost on the way leaves out images.
          await imageRoot.expect();
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

async function mapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storeError(error);
  }
}
