import { once } from 'node:events';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListening, maxSocketPathBytes } from '../unix-socket.ts';

const folderName = /^imgwire-\d+-/;

/** An empty folder may belong to a gateway that is starting until it is this old, in milliseconds. */
const startingMs = 60_000;

const longestSocketName = 'worker-999.99999.9';

export interface SocketDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes the folder, private to this user, for the sockets between gateway and workers, and removes stale ones.
 * Stale is told by sockets that nobody listens at: process ids mean nothing where containers share the parent. The gateway
 * listens at one of its own, since all its workers may have been lost at once.
 * @throws Error that names TMPDIR
 */
export async function createSocketDirectory(parent = tmpdir()): Promise<SocketDirectory> {
  const path = await make(parent).catch((cause: Error) => {
    const expected = 'Expected a folder that can be written for the sockets to workers in TMPDIR';
    throw new Error(`${expected} but received ${parent}: ${cause.message}`, { cause });
  });
  const presence = createServer((probe) => probe.destroy()).listen(join(path, 'gateway'));
  await once(presence, 'listening');
  presence.unref();
  return {
    path,
    async remove() {
      presence.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function make(parent: string): Promise<string> {
  const names = (await readdir(parent)).filter((name) => folderName.test(name));
  await Promise.all(names.map((name) => removeStale(join(parent, name))));
  const prefix = join(parent, `imgwire-${process.pid}-`);
  const excess = Buffer.byteLength(join(`${prefix}XXXXXX`, longestSocketName)) - maxSocketPathBytes;
  if (excess > 0) throw new Error(`its path is ${excess} bytes too long for a socket`);
  return mkdtemp(prefix);
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
