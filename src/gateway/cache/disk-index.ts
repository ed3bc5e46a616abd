import type { CacheFile } from './disk-files.ts';
import { createLinkedLists, createRecordPool } from './record-pool.ts';
import type { CacheStats } from './stats.ts';
import { createWatermarkTable } from './watermark-table.ts';

/** Allocation unit of most file systems. Also bounds the number of entries: 262,144 in 1 GiB. */
const blockBytes = 4096;

/** Bytes a file counts towards the limit, in whole blocks. */
export const diskUsageOf = (bytes: number) => Math.ceil(bytes / blockBytes) * blockBytes;

/** Largest file size that fits into an entry's field. */
export const maxFileBytes = 2 ** 32 - 1;

const digestBytes = 16;
const idBytes = 32;
const maxBuckets = 2 ** 20;

/** Offsets of an entry's fields, in words. Each `by…` field is two links of a linked list. */
const offset = {
  digest: 0,
  imageId: 4,
  bytes: 12,
  watermark: 13,
  /** 1 once its position in the LRU order is known. */
  isPlaced: 14,
  older: 15,
  newer: 16,
  byDigest: 17,
  byImage: 19,
  byWatermark: 21,
};
const entryWords = 23;

/** Creates the index of the cached files, in LRU order: 100 bytes per file. */
export function createDiskIndex(maxBytes: number) {
  const entries = createRecordPool(entryWords);
  const buckets = 2 ** Math.ceil(Math.log2(Math.min(maxBuckets, Math.max(1, maxBytes / blockBytes))));
  const byDigest = createLinkedLists(entries, offset.byDigest, new Int32Array(buckets));
  const byImage = createLinkedLists(entries, offset.byImage, new Int32Array(buckets));
  const watermarks = createWatermarkTable();
  const byWatermark = createLinkedLists(entries, offset.byWatermark, watermarks.heads);
  const stats: CacheStats = { entries: 0, bytes: 0 };
  /** The hash being looked up. */
  const probe = new Int32Array(idBytes / 4);
  const probeBytes = Buffer.from(probe.buffer);
  let oldest = 0;
  let newest = 0;
  /** Next entry of the iteration in `digests`: entries may move or be removed between its steps. */
  let next = 0;

  /** Hashes are uniformly distributed: any of their bits will do. */
  const bucketOf = (entry: number, start: number) => entries.get(entry, start) & (buckets - 1);

  function matchesProbe(entry: number, start: number, bytes: number): boolean {
    for (let at = 0; at < bytes / 4; at += 1) if (entries.get(entry, start + at) !== probe[at]) return false;
    return true;
  }

  /**
   * Loads a hash into `probe`.
   * @returns first entry in its bucket; 0 if it is not a hash
   */
  function firstInBucket(lists: typeof byDigest, hash: string, bytes: number): number {
    if (probeBytes.write(hash, 'hex') !== bytes) return 0;
    return lists.first((probe[0] as number) & (buckets - 1));
  }

  function find(digest: string): number {
    let entry = firstInBucket(byDigest, digest, digestBytes);
    while (entry !== 0 && !matchesProbe(entry, offset.digest, digestBytes)) entry = byDigest.next(entry);
    return entry;
  }

  function fileOf(entry: number): CacheFile {
    return {
      imageId: entries.hex(entry, offset.imageId, idBytes),
      digest: entries.hex(entry, offset.digest, digestBytes),
      bytes: entries.get(entry, offset.bytes) >>> 0,
      watermarkId: watermarks.idOf(entries.get(entry, offset.watermark)),
    };
  }

  function linkNewest(entry: number): void {
    entries.set(entry, offset.older, newest);
    if (newest === 0) oldest = entry;
    else entries.set(newest, offset.newer, entry);
    newest = entry;
  }

  function linkOldest(entry: number): void {
    entries.set(entry, offset.newer, oldest);
    if (oldest === 0) newest = entry;
    else entries.set(oldest, offset.older, entry);
    oldest = entry;
  }

  function unlink(entry: number): void {
    const older = entries.get(entry, offset.older);
    const newer = entries.get(entry, offset.newer);
    if (older === 0) oldest = newer;
    else entries.set(older, offset.newer, newer);
    if (newer === 0) newest = older;
    else entries.set(newer, offset.older, older);
    if (next === entry) next = newer;
    entries.set(entry, offset.older, 0);
    entries.set(entry, offset.newer, 0);
  }

  function insert({ imageId, digest, bytes, watermarkId }: CacheFile): number {
    const entry = entries.allocate();
    entries.setHex(entry, offset.digest, digest);
    entries.setHex(entry, offset.imageId, imageId);
    entries.set(entry, offset.bytes, bytes);
    byDigest.add(bucketOf(entry, offset.digest), entry);
    byImage.add(bucketOf(entry, offset.imageId), entry);
    if (watermarkId !== undefined) {
      const watermark = watermarks.acquire(watermarkId);
      entries.set(entry, offset.watermark, watermark);
      byWatermark.add(watermark, entry);
    }
    stats.entries += 1;
    stats.bytes += diskUsageOf(bytes);
    return entry;
  }

  /** Removes an entry from all lists; its record stays allocated until `free`. */
  function detach(entry: number): void {
    const watermark = entries.get(entry, offset.watermark);
    stats.entries -= 1;
    stats.bytes -= diskUsageOf(entries.get(entry, offset.bytes) >>> 0);
    byDigest.delete(bucketOf(entry, offset.digest), entry);
    byImage.delete(bucketOf(entry, offset.imageId), entry);
    if (watermark !== 0) byWatermark.delete(watermark, entry);
    unlink(entry);
  }

  function free(entry: number): CacheFile {
    const file = fileOf(entry);
    if (file.watermarkId !== undefined) watermarks.release(file.watermarkId);
    entries.free(entry);
    return file;
  }

  function* freeAll(detached: readonly number[]): Generator<CacheFile> {
    for (const entry of detached) yield free(entry);
  }

  return {
    has: (digest: string) => find(digest) !== 0,
    /** Does not count as a use. */
    get(digest: string): CacheFile | undefined {
      const entry = find(digest);
      return entry === 0 ? undefined : fileOf(entry);
    },
    /** Marks a file as the most recently used. */
    touch(digest: string): CacheFile | undefined {
      const entry = find(digest);
      if (entry === 0) return undefined;
      unlink(entry);
      linkNewest(entry);
      entries.set(entry, offset.isPlaced, 1);
      return fileOf(entry);
    },
    /** Adds a file as the most recently used. */
    add(file: CacheFile): void {
      const entry = insert(file);
      linkNewest(entry);
      entries.set(entry, offset.isPlaced, 1);
    },
    /** Adds a file of an earlier run, as the least recently used until `placeOldest` corrects that. */
    restore: (file: CacheFile) => linkOldest(insert(file)),
    /** Moves a restored file to the least recently used end, unless it was used or placed since. */
    placeOldest(digest: string): void {
      const entry = find(digest);
      if (entry === 0 || entries.get(entry, offset.isPlaced) === 1) return;
      entries.set(entry, offset.isPlaced, 1);
      unlink(entry);
      linkOldest(entry);
    },
    delete(digest: string): void {
      const entry = find(digest);
      if (entry === 0) return;
      detach(entry);
      free(entry);
    },
    /** Removes the least recently used entries, at most `maxFiles`, until the rest fits. */
    evictExcess(maxFiles: number): CacheFile[] {
      const evicted: CacheFile[] = [];
      while (oldest !== 0 && stats.bytes > maxBytes && evicted.length < maxFiles) {
        const entry = oldest;
        detach(entry);
        evicted.push(free(entry));
      }
      return evicted;
    },
    /** Removes all entries that depend on an image at once; their names, which take longer to build, come lazily. */
    removeDependents(imageId: string): { count: number; files: Iterable<CacheFile> } {
      const found: number[] = [];
      for (let entry = firstInBucket(byImage, imageId, idBytes); entry !== 0; entry = byImage.next(entry)) {
        if (matchesProbe(entry, offset.imageId, idBytes)) found.push(entry);
      }
      const first = byWatermark.first(watermarks.find(imageId));
      for (let entry = first; entry !== 0; entry = byWatermark.next(entry)) {
        if (!matchesProbe(entry, offset.imageId, idBytes)) found.push(entry);
      }
      found.forEach(detach);
      return { count: found.length, files: freeAll(found) };
    },
    /**
     * Iterates from the least recently used. One iteration at a time; an entry used between its steps may come twice.
     */
    *digests(): Generator<string> {
      const last = newest;
      next = oldest;
      for (let entry = next; entry !== 0; entry = entry === last ? 0 : next) {
        next = entries.get(entry, offset.newer);
        yield entries.hex(entry, offset.digest, digestBytes);
      }
    },
    stats: (): CacheStats => ({ ...stats }),
  };
}
