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

/** Propagates deletions between nodes: immediately from peers, and within a bound from a shared store. */
export interface DeletionFeed {
  /** Whether this node knows the deletions at other nodes, so that its caches may be used. */
  isCurrent(): boolean;
  /** Tells the peers of a deletion at this node. */
  announce(imageId: string): void;
  /** Call before the doors open. */
  start(options: FeedStartOptions): Promise<void>;
  stats(): FeedStats;
  close(): Promise<void>;
}

export interface FeedStartOptions {
  invalidation: CacheInvalidation;
  /** Folder of the disk cache; undefined without one. */
  folder: string | undefined;
  /** Fetches the deletions in a shared store from a worker. */
  fetchDeletions(cursor: string): Promise<Deletions>;
}

export interface FeedStats {
  peers: { heard: number; missing: number };
  /** Deletions received, in total. */
  deletions: { peer: number; store: number };
  /** How often deletions may have been missed. */
  gaps: number;
}

/**
 * Opens the feed: binds the endpoint for peers, and subscribes to them once started.
 * @throws ConfigError if an address is invalid, the endpoint must not be exposed, or the keys of peers cannot work;
 *   Error if the endpoint cannot be bound
 */
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

  async function start({ invalidation, folder, fetchDeletions }: FeedStartOptions): Promise<void> {
    const poll = isShared
      ? createDeletionPoll({
          fetchDeletions,
          invalidate(imageId) {
            deletions.store += 1;
            // Requests in flight are not cancelled: the store may repeat an old deletion of an image that was uploaded
            // again.
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
      // Without a shared store, deletions made while this node was down cannot be recovered.
      if (poll === undefined) await invalidation.invalidateAll();
      listen(invalidation, poll?.pollNow ?? invalidation.invalidateAll);
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
    announce: (imageId) => announcer?.announce(imageId),
    start,
    stats() {
      const heard = listeners.filter((listener) => listener.isHeard()).length;
      return { peers: { heard, missing: listeners.length - heard }, deletions: { ...deletions }, gaps };
    },
    close: closers.closeAll,
  };
}
