import { existsSync, lstatSync, mkdtempSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isListening, maxSocketPathBytes } from '../unix-socket.ts';

const folderName = /^imgwire-\d+-/;

/** Age in milliseconds up to which an empty folder may belong to a gateway that is still starting. */
const startupGraceMs = 60_000;

const longestSocketName = 'worker-999.99999.9';

export interface SocketDirectory {
  /** Folder for the next worker's sockets; a new one, if a cleaner of temporary files has removed the previous. */
  current(): string;
  remove(): Promise<void>;
}

/**
 * Creates the folder, private to this user, for the sockets between gateway and workers, and removes stale ones.
 * A folder is stale if nobody listens on its sockets: process ids are meaningless if containers share the parent. The
 * gateway listens on a socket of its own there, since all its workers may be lost at once.
 * @throws Error that names TMPDIR
 */
export async function createSocketDirectory(temporaryFolder = tmpdir()): Promise<SocketDirectory> {
  // Absolute: libzmq takes a path that begins with @ for an abstract socket, which no permissions protect.
  const parent = resolve(temporaryFolder);
  const prefix = join(parent, `imgwire-${process.pid}-`);
  const folders: SocketFolder[] = [];
  const make = () => {
    const folder = createSocketFolder(prefix);
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
      const last = folders.at(-1) as SocketFolder;
      if (last.exists()) return last.path;
      try {
        return make().path;
      } catch {
        // The worker fails to listen there, says so, and is restarted later.
        return last.path;
      }
    },
    async remove() {
      for (const folder of folders) await folder.remove();
    },
  };
}

interface SocketFolder {
  path: string;
  exists(): boolean;
  remove(): Promise<void>;
}

/** Creates a folder with a unique name: another user could have created a predictable one. */
function createSocketFolder(prefix: string): SocketFolder {
  const path = mkdtempSync(prefix);
  const created = lstatSync(path);
  const socket = join(path, 'gateway');
  const server = createServer((probe) => probe.destroy()).listen(socket);
  // For example, a folder removed right away; exists() detects that.
  server.on('error', () => {});
  server.unref();
  const isOurs = () => {
    try {
      const found = lstatSync(path);
      // Compares the owner too, since the inode number may have been reused.
      return found.ino === created.ino && found.uid === created.uid;
    } catch {
      // Removed, or its parent cannot be searched.
      return false;
    }
  };
  return {
    path,
    exists: () => isOurs() && existsSync(socket),
    async remove() {
      server.close();
      if (isOurs()) await rm(path, { recursive: true, force: true });
    },
  };
}

async function removeStale(path: string): Promise<void> {
  try {
    if (await isStale(path)) await rm(path, { recursive: true, force: true });
  } catch {
    // It belongs to another user, or another gateway removed it meanwhile.
  }
}

async function isStale(path: string): Promise<boolean> {
  const { uid, mtimeMs } = await lstat(path);
  if (uid !== process.getuid?.()) return false;
  const sockets = await readdir(path);
  if (sockets.length === 0) return Date.now() - mtimeMs > startupGraceMs;
  const listening = await Promise.all(sockets.map((name) => isListening(join(path, name))));
  return !listening.includes(true);
}
