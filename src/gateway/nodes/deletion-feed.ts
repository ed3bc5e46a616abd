import { createClosers } from '../../closers.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import type { CacheInvalidation } from '../service/cache-invalidation.ts';
import { openAnnouncer } from './announcer.ts';
import { createDeletionPoll, type Deletions } from './deletion-poll.ts';
import { readPeers } from './node-addresses.ts';
import { listenToPeer, type PeerListener } from './peer-listener.ts';
import { watchForStalls } from './stall-watch.ts';

type Settings =
  | 'peers'
  | 'peerEndpoint'
  | 'curveSecretKey'
  | 'allowUnauthenticated'
  | 'store'
  | 's3Bucket'
  | 's3Endpoint';

/** Deletions at one node become known to all: at once from peers, and within a bound from a shared store. */
export interface DeletionFeed {
  /** Whether the caches may be used, as far as deletions elsewhere are known. */
  isCurrent(): boolean;
  tellPeers(imageId: string): void;
  /** Call before the doors are open. */
  start(caches: FeedCaches): Promise<void>;
  stats(): FeedStats;
  close(): Promise<void>;
}

export interface FeedCaches {
  invalidation: CacheInvalidation;
  /** Of the disk cache. */
  folder: string | undefined;
  /** Asks a worker for the deletions in a shared store. */
  ask(cursor: string): Promise<Deletions>;
}

export interface FeedStats {
  peers: { heard: number; missing: number };
  /** Deletions heard, in all. */
  deletions: { peer: number; store: number };
  /** Times that deletions may have been missed. */
  gaps: number;
}

/** @throws ConfigError for an endpoint that cannot or must not be bound, and for peers that cannot work */
export async function openDeletionFeed(config: Pick<Config, Settings>, log: Logger): Promise<DeletionFeed> {
  const { curveSecretKey, store, s3Bucket, s3Endpoint } = config;
  const peers = readPeers(config);
  const announcer = config.peerEndpoint === '' ? undefined : await openAnnouncer({ ...config, peers, log });
  const isShared = store === 's3';
  const deletions = { peer: 0, store: 0 };
  const closers = createClosers();
  if (announcer !== undefined) closers.push(announcer.close);
  let listeners: PeerListener[] = [];
  let gaps = 0;
  let isCurrent = () => !isShared;

  async function start({ invalidation, folder, ask }: FeedCaches): Promise<void> {
    const poll = isShared
      ? createDeletionPoll({
          ask,
          invalidate(imageId) {
            deletions.store += 1;
            // Not cancelled: an old deletion may be heard again, of an image that is back.
            return invalidation.invalidate(imageId);
          },
          invalidateAll: invalidation.invalidateAll,
          folder,
          store: `${s3Endpoint} ${s3Bucket}`,
          log,
        })
      : undefined;
    if (poll !== undefined) {
      closers.push(poll.close);
      isCurrent = poll.isFresh;
    }
    if (peers.length > 0) {
      // What was deleted while this node was away, only a shared store can tell.
      if (poll === undefined) await invalidation.invalidateAll();
      listen(invalidation, poll?.hurry ?? invalidation.invalidateAll);
      const stalls = watchForStalls();
      closers.push(stalls.close);
      isCurrent = () => {
        const now = performance.now();
        return stalls.isCaughtUp(now) && (poll?.isFresh(now) ?? true);
      };
    }
    await poll?.start();
  }

  function listen(invalidation: CacheInvalidation, recover: () => unknown): void {
    listeners = peers.map((peer) =>
      listenToPeer({
        peer,
        curveSecretKey,
        boot: announcer?.boot,
        onDeleted(imageId) {
          deletions.peer += 1;
          void invalidation.markDeleted(imageId);
        },
        onGap() {
          gaps += 1;
          void recover();
        },
        log,
      }),
    );
    closers.push(() => listeners.map((listener) => listener.close()));
  }

  return {
    isCurrent: () => isCurrent(),
    tellPeers: (imageId) => announcer?.announce(imageId),
    start,
    stats() {
      const heard = listeners.filter((listener) => listener.isHeard()).length;
      return { peers: { heard, missing: listeners.length - heard }, deletions: { ...deletions }, gaps };
    },
    close: closers.closeAll,
  };
}
