import { connect } from 'node:net';

/** Size of `sun_path` without the terminating zero; libzmq silently truncates longer paths. */
export const maxSocketPathBytes = process.platform === 'darwin' ? 103 : 107;

/** Connection errors if nobody listens; any other, such as for a full backlog, means the socket is in use. */
const notListeningCodes = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTDIR']);

/**
 * Tests whether a process listens on a Unix socket, by connecting to it.
 * @param path starts with a zero byte for an abstract socket
 */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(!notListeningCodes.has(code)));
  });
}
