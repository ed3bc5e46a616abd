import { connect } from 'node:net';

/** `sun_path` less its zero; libzmq silently truncates longer paths. */
export const maxSocketPathBytes = process.platform === 'darwin' ? 103 : 107;

/** Errors of a connection to a path that nobody listens at; any other, such as a full backlog, is of a socket in use. */
const nobody = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTDIR']);

/**
 * Tells whether a process listens at a Unix socket, by connecting to it.
 * @param path with a leading zero byte for an abstract socket
 */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(!nobody.has(code)));
  });
}
