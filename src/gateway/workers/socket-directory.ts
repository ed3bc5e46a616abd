import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folderName = /^imgwire-\d+-/;

/** A folder without sockets may be that of a gateway that starts just now, until it is this old, in milliseconds. */
const startingMs = 60_000;

export interface SocketDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes the folder for the sockets between gateway and workers, open to this user alone, and removes those of gateways
 * that are gone: by their sockets, at which nobody listens, since process ids mean nothing where containers share a folder.
 */
export async function createSocketDirectory(parent = tmpdir()): Promise<SocketDirectory> {
  const names = (await readdir(parent)).filter((name) => folderName.test(name));
  await Promise.all(names.map((name) => removeStale(join(parent, name))));
  const path = await mkdtemp(join(parent, `imgwire-${process.pid}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
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

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    // A full backlog is somebody's as well.
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
