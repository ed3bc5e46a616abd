import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Logger } from '../../log.ts';
import { backlog } from '../backlog.ts';
import type { Budget } from '../budget.ts';
import { toEndpoint, toListenOptions } from './address.ts';
import { createMeter, PeerError } from './meter.ts';

/** Stands before the ROUTER: hands on what well-behaved peers send, and cuts off the others. */
export interface Guard {
  /** Where it really listens. */
  readonly endpoint: string;
  /** Peers that are connected. */
  readonly connections: number;
  /** Takes in no more peers, and waits until the router has ended the connections of those that there are, or ends them itself in time. */
  close(limitMs: number): Promise<void>;
}

export interface GuardOptions {
  /** Where peers connect. */
  endpoint: string;
  /** Path of the ROUTER's own socket. */
  routerPath: string;
  /** Largest message of a peer, in bytes. */
  maxMessageBytes: number;
  /** What is announced of a message counts as soon as it is: a peer that would go over it is not read on until there is room. */
  budget: Budget;
  log: Logger;
}

/** From connecting to the end of the greeting, in milliseconds. */
const greetingMs = 5000;

/** A message that has begun has to go on, and a peer to which replies are sent to read, within this time, in milliseconds. */
const stalledMs = 30_000;

/** Slowest peer that is waited for, in bytes a second: as with uploads over HTTP. */
const slowestPeer = 131_072;

export async function openGuard({ endpoint, routerPath, maxMessageBytes, budget, log }: GuardOptions): Promise<Guard> {
  const peers = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (peer) => {
    peers.add(peer);
    peer.once('close', () => peers.delete(peer));
    serve(peer);
  });

  function serve(peer: Socket): void {
    const router = connect({ path: routerPath });
    const meter = createMeter(maxMessageBytes);
    const address = peer.remoteAddress;
    /** Runs while the peer owes something: its greeting, the rest of a message. */
    let owed: NodeJS.Timeout | undefined;
    let unread: NodeJS.Timeout | undefined;
    let claimed = 0;
    let release = () => {};

    const cut = (reason: string) => {
      if (!peer.destroyed) log.warn({ peer: address, reason }, 'peer cut off');
      peer.destroy();
    };
    const claim = (bytes: number) => {
      if (bytes === claimed) return;
      release();
      release = bytes === 0 ? () => {} : budget.charge(bytes);
      claimed = bytes;
    };
    const limit = (milliseconds: number, reason: string) => setTimeout(() => cut(reason), milliseconds);

    const follow = (chunk: Buffer) => {
      const wasWhole = meter.isWhole;
      meter.read(chunk);
      if (meter.isWhole) clearTimeout(owed);
      else if (wasWhole) {
        owed = limit(stalledMs + (maxMessageBytes / slowestPeer) * 1000, 'a message that does not end');
      }
    };

    const handOn = (chunk: Buffer) => {
      const more = meter.unfinished - claimed;
      if (more > 0 && !budget.hasRoom(more)) {
        peer.pause();
        budget.onceFreed(() => {
          if (!peer.destroyed) handOn(chunk);
        });
        return;
      }
      claim(meter.unfinished);
      if (router.write(chunk)) peer.resume();
      else peer.pause();
    };

    owed = limit(greetingMs, 'no greeting in time');
    peer.on('data', (chunk) => {
      try {
        follow(chunk);
      } catch (error) {
        if (!(error instanceof PeerError)) throw error;
        return cut(error.message);
      }
      handOn(chunk);
    });
    router.on('drain', () => peer.resume());

    router.on('data', (chunk) => {
      if (peer.write(chunk)) return;
      router.pause();
      unread ??= limit(stalledMs, 'replies that are not read');
    });
    peer.on('drain', () => {
      clearTimeout(unread);
      unread = undefined;
      router.resume();
    });

    // Where one side ends, the other has nobody to speak to; what was written before still goes out.
    peer.on('end', () => router.end());
    router.on('end', () => peer.end());
    peer.on('close', () => {
      clearTimeout(owed);
      clearTimeout(unread);
      claim(0);
      router.destroy();
    });
    router.on('close', () => peer.destroySoon());
    peer.on('error', (error) => log.debug({ peer: address, err: error }, 'peer failed'));
    router.on('error', (error) => log.debug({ peer: address, err: error }, 'connection to the router failed'));
    peer.resume();
  }

  await listen(server, { ...toListenOptions(endpoint), backlog });
  return {
    endpoint: toEndpoint(server),
    get connections() {
      return peers.size;
    },
    async close(limitMs) {
      const closed = once(server, 'close');
      server.close();
      const rest = setTimeout(() => {
        for (const peer of peers) peer.destroy();
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
