import { webcrypto } from 'node:crypto';
import type { Subject } from './job.ts';

/** `suspect`: may have crashed a worker. */
export type Verdict = 'clear' | 'suspect' | 'crashes' | 'slow';

/**
 * Refuses work that crashes or stalls workers. An image sent as bytes is hashed, off the event loop, only while there
 * is an entry that may be of its size.
 */
export interface Quarantine {
  /** Synchronous unless bytes have to be hashed. */
  check(subject: Subject): Verdict | Promise<Verdict>;
  markSuspect(subject: Subject): Promise<void>;
  /**
   * Quarantines work that crashed a worker while running there alone. Crashes of different images with the same
   * watermark quarantine the watermark; different work on one image, not all with the same watermark, quarantines the
   * image.
   */
  markCrashing(subject: Subject): Promise<void>;
  markSlow(subject: Subject): Promise<void>;
  clearSuspect(subject: Subject): void;
}

export interface QuarantineOptions {
  /** How long crashing and suspect work is held, in milliseconds. */
  crashHoldMs?: number;
  /** How long slow work is refused, in milliseconds. */
  slowHoldMs?: number;
  /** Per kind; the oldest entry is evicted first. */
  maxEntries?: number;
  now?: () => number;
}

interface Entry {
  image: string;
  watermark: string | undefined;
  size: number | undefined;
  until: number;
}

export function createQuarantine({
  crashHoldMs = 600_000,
  slowHoldMs = 60_000,
  maxEntries = 1000,
  now = () => performance.now(),
}: QuarantineOptions = {}): Quarantine {
  const suspects = new Map<string, Entry>();
  const crashing = new Map<string, Entry>();
  const slow = new Map<string, Entry>();
  const images = new Map<string, Entry>();
  const watermarks = new Map<string, Entry>();
  const all = [suspects, crashing, slow, images, watermarks];

  function add(entries: Map<string, Entry>, key: string, entry: Entry): void {
    for (const [known, { until }] of entries) if (until <= now()) entries.delete(known);
    const [oldest] = entries.keys();
    if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
    entries.set(key, entry);
  }

  const has = (entries: Map<string, Entry>, key: string | undefined) =>
    key !== undefined && (entries.get(key)?.until ?? 0) > now();

  /** Whether bytes of this length may have an entry; one recorded by id has no size. */
  const mayHaveEntry = (length: number) =>
    all.some((entries) => [...entries.values()].some(({ size }) => size === undefined || size === length));

  function verdictOf(image: string, { watermark, work }: Subject): Verdict {
    const key = `${image} ${work}`;
    if (has(images, image) || has(watermarks, watermark) || has(crashing, key)) return 'crashes';
    if (has(slow, key)) return 'slow';
    return has(suspects, key) ? 'suspect' : 'clear';
  }

  async function record(entries: Map<string, Entry>, subject: Subject, holdMs: number): Promise<void> {
    const image = await keyOf(subject.image);
    const size = typeof subject.image === 'string' ? undefined : subject.image.length;
    const entry = { image, watermark: subject.watermark, size, until: now() + holdMs };
    add(entries, `${image} ${subject.work}`, entry);
    if (entries === crashing) widen(entry);
  }

  /** Extends a quarantine to the image or the watermark that crashes have in common. */
  function widen(entry: Entry): void {
    const { image, watermark } = entry;
    const ofImage = [...crashing.values()].filter((other) => other.image === image);
    const shared = ofImage.every((other) => other.watermark !== undefined && other.watermark === watermark);
    if (ofImage.length > 1 && !shared) add(images, image, entry);
    if (watermark === undefined) return;
    const withIt = [...crashing.values()].filter((other) => other.watermark === watermark);
    if (new Set(withIt.map((other) => other.image)).size > 1) add(watermarks, watermark, entry);
  }

  return {
    check(subject) {
      if (all.every(({ size }) => size === 0)) return 'clear';
      const { image, watermark } = subject;
      if (typeof image === 'string') return verdictOf(image, subject);
      if (has(watermarks, watermark)) return 'crashes';
      return mayHaveEntry(image.length) ? keyOf(image).then((key) => verdictOf(key, subject)) : 'clear';
    },
    markSuspect: (subject) => record(suspects, subject, crashHoldMs),
    markCrashing: (subject) => record(crashing, subject, crashHoldMs),
    markSlow: (subject) => record(slow, subject, slowHoldMs),
    clearSuspect({ image, work }) {
      if (suspects.size === 0) return;
      const clear = (key: string) => suspects.delete(`${key} ${work}`);
      if (typeof image === 'string') clear(image);
      else if (mayHaveEntry(image.length)) keyOf(image).then(clear, () => {});
    },
  };
}

async function keyOf(image: string | Buffer): Promise<string> {
  if (typeof image === 'string') return image;
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', image)).toString('hex');
}
