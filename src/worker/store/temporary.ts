import { hash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { lstat, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { innerFolder, isOwnedFolder, type Ownership, openOwnedFolder } from '../../owned-folder.ts';
import { systemCode } from './errors.ts';

const minAgeMs = 3_600_000;

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const currentName = new RegExp(`^([0-9a-f]{16})\\.(\\d{1,10})\\.${uuid}\\.part(?:\\.(?:v|jpg))?$`);
/** `<hostname>.<pid>.<uuid>` of earlier versions. */
const legacyName = new RegExp(`^.+\\.\\d+\\.${uuid}$`);

/** Identifies the boot and the PID namespace, within which process ids are comparable. */
const pidScope = readPidScope();

/** `<PID scope>.<pid>.<uuid>.part`. */
export function temporaryName(): string {
  return `${pidScope}.${process.pid}.${randomUUID()}.part`;
}

export function isTemporaryName(name: string): boolean {
  return currentName.test(name) || legacyName.test(name);
}

/** How to recognize `tmp` in the data folder, the folder for temporary files, as ours. */
function temporaryOwnership(dataDir: string): Ownership {
  return { isOurs: isTemporaryName, marker: join(dataDir, '.imgwire') };
}

/**
 * Opens the folder for temporary files; creates what is missing of it.
 * @throws file system errors
 */
export function openTemporaryFolder(dataDir: string): Promise<string> {
  return openOwnedFolder(join(dataDir, 'tmp'), temporaryOwnership(dataDir));
}

/**
 * Finds the folder that `openTemporaryFolder` has opened, without creating any.
 * @throws file system errors if there is none
 */
export async function findTemporaryFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'tmp');
  const used = (await isOwnedFolder(folder, temporaryOwnership(dataDir))) ? folder : innerFolder(folder);
  await stat(used);
  return used;
}

/**
 * Yields the paths of temporary files that belong to ended processes of the same PID scope, or are older than both an
 * hour and twice the timeout.
 */
export async function* findAbandoned(folder: string, timeoutMs: number, now = Date.now()): AsyncGenerator<string> {
  const oldest = now - Math.max(minAgeMs, 2 * timeoutMs);
  for (const name of (await readdir(folder)).filter(isTemporaryName)) {
    const path = join(folder, name);
    const file = await lstat(path).catch(ignoreMissing);
    if (file?.isFile() && (isOrphan(name) || file.mtimeMs < oldest)) yield path;
  }
}

/** Removes abandoned temporary files. */
export async function sweepTemporary(folder: string, timeoutMs: number, now = Date.now()): Promise<void> {
  for await (const path of findAbandoned(folder, timeoutMs, now)) await unlink(path).catch(ignoreMissing);
}

/** Ignores files that were finished or swept meanwhile. */
function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
}

function isOrphan(name: string): boolean {
  const [, scope, pid] = currentName.exec(name) ?? [];
  return scope === pidScope && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, owned by another user.
    return systemCode(error) !== 'ESRCH';
  }
}

/**
 * Containers may share host name and process ids, but not the PID namespace. Random without /proc: files are then
 * abandoned by age only.
 */
function readPidScope(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    return hash('sha256', boot + readlinkSync('/proc/self/ns/pid')).slice(0, 16);
  } catch {
    return randomBytes(8).toString('hex');
  }
}
