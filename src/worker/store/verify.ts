import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './errors.ts';
import { branchPattern, idPattern, pathOf } from './layout.ts';
import { findAbandoned, findTemporaryFolder } from './temporary.ts';

export interface VerifyOptions {
  dataDir: string;
  /** Request timeout; older unfinished files are leftovers. */
  timeoutMs: number;
  onDamage(damage: Damage): void;
  /** Called for each abandoned temporary file, which the service removes when it starts. */
  onLeftover(path: string): void;
  /** Called for each image, damaged or not, nearly in the order of ids. */
  onImage(imageId: string, size: number): void;
}

export interface Damage {
  path: string;
  /** Such as `unreadable: EIO`. */
  problem: string;
}

interface Found {
  path: string;
  name: string;
  problem?: string;
}

const concurrency = 8;
const blockBytes = 262_144;

/**
 * Rehashes all images of an fs store, and changes nothing. The store may be in use: a name always refers to a whole
 * image, and an image that vanishes was deleted. Memory does not grow with the number of images.
 * @throws Error if there is no store, or it vanishes meanwhile
 */
export async function verifyFsStore(options: VerifyOptions): Promise<void> {
  const { dataDir, timeoutMs, onDamage, onLeftover, onImage } = options;
  const root = join(dataDir, 'images');
  await assertStore(dataDir, root);
  const all = filesIn(root, '', root);

  async function verifyRemaining(): Promise<void> {
    const block = Buffer.allocUnsafeSlow(blockBytes);
    for await (const { path, name, problem = await problemOf(path, name) } of all) {
      if (problem) onDamage({ path, problem });
    }

    async function problemOf(path: string, imageId: string): Promise<string> {
      try {
        if (!(await stat(path)).isFile()) return 'not a file';
        const { sha256, size } = await hashFile(path, block);
        onImage(imageId, size);
        return sha256 === imageId ? '' : `${size} bytes with the SHA-256 ${sha256}`;
      } catch (error) {
        return systemCode(error) === 'ENOENT' ? '' : unreadable(error);
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, verifyRemaining));
  // A backup has no temporary folder.
  const temporary = await findTemporaryFolder(dataDir).catch(() => undefined);
  if (temporary !== undefined) for await (const path of findAbandoned(temporary, timeoutMs)) onLeftover(path);
  await assertStore(dataDir, root);
}

async function assertStore(dataDir: string, root: string): Promise<void> {
  try {
    await readdir(root);
  } catch (cause) {
    throw new Error(`Expected a folder with stored images but received ${dataDir}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Yields all files in order. Skips foreign names, as the service does. */
async function* filesIn(folder: string, prefix: string, root: string): AsyncGenerator<Found> {
  const isLeaf = prefix.length === 4;
  let names: string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') yield { path: folder, name: prefix, problem: unreadable(error) };
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    if (!isLeaf && branchPattern.test(name)) yield* filesIn(path, prefix + name, root);
    else if (!idPattern.test(name)) continue;
    else if (path === pathOf(root, name)) yield { path, name };
    else yield { path, name, problem: `misplaced: belongs to ${pathOf(root, name)}` };
  }
}

function unreadable(error: unknown): string {
  const code = systemCode(error);
  return code === 'ENOTDIR' ? 'not a folder' : `unreadable: ${code ?? error}`;
}

async function hashFile(path: string, block: Buffer): Promise<{ sha256: string; size: number }> {
  const file = await open(path, 'r');
  try {
    return await hashBlocks(file, block);
  } finally {
    await file.close();
  }
}

async function hashBlocks(file: FileHandle, block: Buffer): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  for (let size = 0; ; ) {
    const { bytesRead } = await file.read(block, 0, block.length, size);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size };
    hash.update(block.subarray(0, bytesRead));
    size += bytesRead;
  }
}
