import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { backlog } from '../backlog.ts';
import { toEndpoint, toListenOptions } from './address.ts';
import { type PeerOptions, servePeer } from './peer.ts';

/**
 * Speaks ZMTP as a ROUTER does. A ROUTER of libzmq collects as many frames of a message as a peer cares to send,
 * counts the messages that a client does not read and not their bytes, and does not say when it reads on;
 * and what would stand before it to mend that would have to copy every byte once more.
 */
export interface ZmtpServer {
  /** Where it really listens. */
  readonly endpoint: string;
  /** Peers that are connected. */
  readonly connections: number;
  /** Takes in no more peers, and ends the connections of those that there are: in peace, or after a time by force. */
  close(limitMs: number): Promise<void>;
}

export interface ZmtpServerOptions extends Omit<PeerOptions, 'socket'> {
  /** Where peers connect. */
  endpoint: string;
}

/** @throws Error where the endpoint cannot be bound */
export async function openZmtpServer({ endpoint, ...options }: ZmtpServerOptions): Promise<ZmtpServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    servePeer({ socket, ...options });
  });
  await listen(server, { ...toListenOptions(endpoint), backlog });
  return {
    endpoint: toEndpoint(server),
    get connections() {
      return sockets.size;
    },
    async close(limitMs) {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.end();
      const rest = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, limitMs);
      await closed;
      clearTimeout(rest);
    },
  };
}

/** Listens; a path that a server has left which is no more is taken over, and one that is in use is an error. */
async function listen(server: Server, options: ListenOptions): Promise<void> {
  const started = once(server, 'listening');
  server.listen(options);
  try {
    await started;
  } catch (error) {
    const { path } = options;
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!isTaken || path === undefined || path.startsWith('\0') || (await isInUse(path))) throw error;
    rmSync(path, { force: true });
    server.listen(options);
    await once(server, 'listening');
  }
}

function isInUse(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
