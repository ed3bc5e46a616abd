import { existsSync, lstatSync, mkdtempSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListening, maxSocketPathBytes } from '../unix-socket.ts';

const folderName = /^imgwire-\d+-/;

/** An empty folder may belong to a gateway that is starting until it is this old, in milliseconds. */
const startingMs = 60_000;

const longestSocketName = 'worker-999.99999.9';

export interface SocketDirectory {
  /** Where the next worker's sockets go: another folder, where a cleaner of temporary files has taken the one before. */
  current(): string;
  remove(): Promise<void>;
}

/**
 * Makes the folder, private to this user, for the sockets between gateway and workers, and removes stale ones.
 * Stale is told by sockets that nobody listens at: process ids mean nothing where containers share the parent. The gateway
 * listens at one of its own, since all its workers may have been lost at once.
 * @throws Error that names TMPDIR
 */
export async function createSocketDirectory(parent = tmpdir()): Promise<SocketDirectory> {
  const prefix = join(parent, `imgwire-${process.pid}-`);
  const folders: PresentFolder[] = [];
  const make = () => {
    const folder = makePresent(prefix);
    folders.push(folder);
    return folder;
  };
  try {
    const names = (await readdir(parent)).filter((name) => folderName.test(name));
    await Promise.all(names.map((name) => removeStale(join(parent, name))));
    const excess = Buffer.byteLength(join(`${prefix}XXXXXX`, longestSocketName)) - maxSocketPathBytes;
    if (excess > 0) throw new Error(`its path is ${excess} bytes too long for a socket`);
    make();
  } catch (cause) {
    const expected = 'Expected a folder that can be written for the sockets to workers in TMPDIR';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${expected} but received ${parent}: ${reason}`, { cause });
  }
  return {
    current() {
      const last = folders.at(-1) as PresentFolder;
      if (last.isThere()) return last.path;
      try {
        return make().path;
      } catch {
        // The worker says that it cannot listen there, and is started again later.
        return last.path;
      }
    },
    async remove() {
      for (const folder of folders) await folder.remove();
    },
  };
}

interface PresentFolder {
  path: string;
  isThere(): boolean;
  remove(): Promise<void>;
}

/** Never one of the same name, which another user may have made. */
function makePresent(prefix: string): PresentFolder {
  const path = mkdtempSync(prefix);
  const socket = join(path, 'gateway');
  const presence = createServer((probe) => probe.destroy()).listen(socket);
  // Such as a folder that is taken away at once, which isThere finds out.
  presence.on('error', () => {});
  presence.unref();
  const made = lstatSync(path);
  const isOurs = () => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    // A freed inode may be the next one's.
    return found?.ino === made.ino && found.uid === made.uid;
  };
  return {
    path,
    isThere: () => isOurs() && existsSync(socket),
    async remove() {
      presence.close();
      if (isOurs()) await rm(path, { recursive: true, force: true });
    },
  };
}

async function removeStale(path: string): Promise<void> {
  try {
    if (await isStale(path)) await rm(path, { recursive: true, force: true });
  } catch {
    // Another user's, or removed meanwhile by another gateway.
  }
}

async function isStale(path: string): Promise<boolean> {
  const { uid, mtimeMs } = await lstat(path);
  if (uid !== process.getuid?.()) return false;
  const sockets = await readdir(path);
  if (sockets.length === 0) return Date.now() - mtimeMs > startingMs;
  const listening = await Promise.all(sockets.map((name) => isListening(join(path, name))));
  return !listening.includes(true);
}
