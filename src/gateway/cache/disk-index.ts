import type { CacheFile } from './disk-files.ts';
import { createChains, createRecords } from './records.ts';
import type { CacheStats } from './stats.ts';
import { createWatermarks } from './watermarks.ts';

/** What a file takes on most file systems. It bounds the entries, too: 262,144 in 1 GiB. */
const blockBytes = 4096;

/** Bytes that a file counts for, in whole blocks. */
export const spaceOf = (bytes: number) => Math.ceil(bytes / blockBytes) * blockBytes;

/** Largest length that an entry has room for. */
export const maxFileBytes = 2 ** 32 - 1;

const digestBytes = 16;
const idBytes = 32;
const mostBuckets = 2 ** 20;

/** First words of the fields of an entry. */
const word = {
  digest: 0,
  imageId: 4,
  bytes: 12,
  watermark: 13,
  /** 1 once it is known when it was last used. */
  isPlaced: 14,
  older: 15,
  newer: 16,
  byDigest: 17,
  byImage: 19,
  byWatermark: 21,
};
const entryWords = 23;

/** Creates the index of the files in the cache, in the order of their last use: 100 bytes each. */
export function createDiskIndex(maxBytes: number) {
  const entries = createRecords(entryWords);
  const buckets = 2 ** Math.ceil(Math.log2(Math.min(mostBuckets, Math.max(1, maxBytes / blockBytes))));
  const byDigest = createChains(entries, word.byDigest, new Int32Array(buckets));
  const byImage = createChains(entries, word.byImage, new Int32Array(buckets));
  const watermarks = createWatermarks();
  const byWatermark = createChains(entries, word.byWatermark, watermarks.firsts);
  const stats: CacheStats = { entries: 0, bytes: 0 };
  const wanted = new Int32Array(idBytes / 4);
  const wantedText = Buffer.from(wanted.buffer);
  let oldest = 0;
  let newest = 0;
  /** Where `digests` goes on: an entry may move or go between two of its steps. */
  let next = 0;

  /** Hashes are spread evenly: any of their bits will do. */
  const bucketOf = (entry: number, field: number) => entries.get(entry, field) & (buckets - 1);

  /** Whether an entry has the words that were looked for last. */
  function isWanted(entry: number, field: number, bytes: number): boolean {
    for (let at = 0; at < bytes / 4; at += 1) if (entries.get(entry, field + at) !== wanted[at]) return false;
    return true;
  }

  /** @returns first of the entries in the bucket; 0 for what is no hash */
  function firstInBucket(chains: typeof byDigest, hash: string, bytes: number): number {
    if (wantedText.write(hash, 'hex') !== bytes) return 0;
    return chains.first((wanted[0] as number) & (buckets - 1));
  }

  function find(digest: string): number {
    let entry = firstInBucket(byDigest, digest, digestBytes);
    while (entry !== 0 && !isWanted(entry, word.digest, digestBytes)) entry = byDigest.next(entry);
    return entry;
  }

  function fileOf(entry: number): CacheFile {
    return {
      imageId: entries.hex(entry, word.imageId, idBytes),
      digest: entries.hex(entry, word.digest, digestBytes),
      bytes: entries.get(entry, word.bytes) >>> 0,
      watermarkId: watermarks.idOf(entries.get(entry, word.watermark)),
    };
  }

  function linkNewest(entry: number): void {
    entries.set(entry, word.older, newest);
    if (newest === 0) oldest = entry;
    else entries.set(newest, word.newer, entry);
    newest = entry;
  }

  function linkOldest(entry: number): void {
    entries.set(entry, word.newer, oldest);
    if (oldest === 0) newest = entry;
    else entries.set(oldest, word.older, entry);
    oldest = entry;
  }

  function unlink(entry: number): void {
    const older = entries.get(entry, word.older);
    const newer = entries.get(entry, word.newer);
    if (older === 0) oldest = newer;
    else entries.set(older, word.newer, newer);
    if (newer === 0) newest = older;
    else entries.set(newer, word.older, older);
    if (next === entry) next = newer;
    entries.set(entry, word.older, 0);
    entries.set(entry, word.newer, 0);
  }

  function insert({ imageId, digest, bytes, watermarkId }: CacheFile): number {
    const entry = entries.take();
    entries.setHex(entry, word.digest, digest);
    entries.setHex(entry, word.imageId, imageId);
    entries.set(entry, word.bytes, bytes);
    byDigest.add(bucketOf(entry, word.digest), entry);
    byImage.add(bucketOf(entry, word.imageId), entry);
    if (watermarkId !== undefined) {
      const watermark = watermarks.numberFor(watermarkId);
      entries.set(entry, word.watermark, watermark);
      byWatermark.add(watermark, entry);
    }
    stats.entries += 1;
    stats.bytes += spaceOf(bytes);
    return entry;
  }

  /** Takes an entry out; its record stays until it is freed. */
  function detach(entry: number): void {
    const watermark = entries.get(entry, word.watermark);
    stats.entries -= 1;
    stats.bytes -= spaceOf(entries.get(entry, word.bytes) >>> 0);
    byDigest.delete(bucketOf(entry, word.digest), entry);
    byImage.delete(bucketOf(entry, word.imageId), entry);
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
    /** Without using it. */
    get(digest: string): CacheFile | undefined {
      const entry = find(digest);
      return entry === 0 ? undefined : fileOf(entry);
    },
    use(digest: string): CacheFile | undefined {
      const entry = find(digest);
      if (entry === 0) return undefined;
      unlink(entry);
      linkNewest(entry);
      entries.set(entry, word.isPlaced, 1);
      return fileOf(entry);
    },
    /** As the most recently used. */
    add(file: CacheFile): void {
      const entry = insert(file);
      linkNewest(entry);
      entries.set(entry, word.isPlaced, 1);
    },
    /** Of an earlier run: as the least recently used, until `placeOldest` knows better. */
    addFound: (file: CacheFile) => linkOldest(insert(file)),
    /** Makes it the least recently used, unless it was used or placed since it was found. */
    placeOldest(digest: string): void {
      const entry = find(digest);
      if (entry === 0 || entries.get(entry, word.isPlaced) === 1) return;
      entries.set(entry, word.isPlaced, 1);
      unlink(entry);
      linkOldest(entry);
    },
    delete(digest: string): void {
      const entry = find(digest);
      if (entry === 0) return;
      detach(entry);
      free(entry);
    },
    /** Takes out the least recently used, at most so many, until the rest fits. */
    takeExcess(most: number): CacheFile[] {
      const taken: CacheFile[] = [];
      while (oldest !== 0 && stats.bytes > maxBytes && taken.length < most) {
        const entry = oldest;
        detach(entry);
        taken.push(free(entry));
      }
      return taken;
    },
    /** Takes out all that depend on an image, and names them one by one, as that takes longer. */
    takeDependents(imageId: string): { count: number; files: Iterable<CacheFile> } {
      const found: number[] = [];
      for (let entry = firstInBucket(byImage, imageId, idBytes); entry !== 0; entry = byImage.next(entry)) {
        if (isWanted(entry, word.imageId, idBytes)) found.push(entry);
      }
      const first = byWatermark.first(watermarks.find(imageId));
      for (let entry = first; entry !== 0; entry = byWatermark.next(entry)) {
        if (!isWanted(entry, word.imageId, idBytes)) found.push(entry);
      }
      found.forEach(detach);
      return { count: found.length, files: freeAll(found) };
    },
    /** From the least recently used. One at a time; entries may be used between its steps, and come again then. */
    *digests(): Generator<string> {
      const last = newest;
      next = oldest;
      for (let entry = next; entry !== 0; entry = entry === last ? 0 : next) {
        next = entries.get(entry, word.newer);
        yield entries.hex(entry, word.digest, digestBytes);
      }
    },
    stats: (): CacheStats => ({ ...stats }),
  };
}
