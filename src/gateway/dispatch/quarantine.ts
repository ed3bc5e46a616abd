import { webcrypto } from 'node:crypto';
import type { Subject } from './job.ts';

/** Suspect: it may have crashed a worker. */
export type Verdict = 'clear' | 'suspect' | 'crashes' | 'slow';

/**
 * Refuses work that crashes or stalls workers. Images that come as bytes are hashed, off the event loop, only while
 * something of their size is known.
 */
export interface Quarantine {
  /** Decided at once unless bytes have to be hashed. */
  judge(subject: Subject): Verdict | Promise<Verdict>;
  suspect(subject: Subject): Promise<void>;
  /**
   * Refuses work that crashed a worker alone. Two of different images with one watermark condemn the watermark,
   * two different ones on an image that do not share a watermark condemn the image.
   */
  condemn(subject: Subject): Promise<void>;
  overran(subject: Subject): Promise<void>;
  completed(subject: Subject): void;
}

export interface QuarantineOptions {
  crashHoldMs?: number;
  slowHoldMs?: number;
  /** Most entries of each kind; the oldest is forgotten first. */
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

  /** Whether bytes of this length may be known: an entry by id says nothing of its size. */
  const mayBeKnown = (length: number) =>
    all.some((entries) => [...entries.values()].some(({ size }) => size === undefined || size === length));

  function verdictOf(image: string, { watermark, work }: Subject): Verdict {
    const key = `${image} ${work}`;
    if (has(images, image) || has(watermarks, watermark) || has(crashing, key)) return 'crashes';
    if (has(slow, key)) return 'slow';
    return has(suspects, key) ? 'suspect' : 'clear';
  }

  async function note(entries: Map<string, Entry>, subject: Subject, holdMs: number): Promise<void> {
    const image = await keyOf(subject.image);
    const size = typeof subject.image === 'string' ? undefined : subject.image.length;
    const entry = { image, watermark: subject.watermark, size, until: now() + holdMs };
    add(entries, `${image} ${subject.work}`, entry);
    if (entries === crashing) widen(entry);
  }

  /** Condemns what all the crashes with it have in common. */
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
    judge(subject) {
      if (all.every(({ size }) => size === 0)) return 'clear';
      const { image, watermark } = subject;
      if (typeof image === 'string') return verdictOf(image, subject);
      if (has(watermarks, watermark)) return 'crashes';
      return mayBeKnown(image.length) ? keyOf(image).then((key) => verdictOf(key, subject)) : 'clear';
    },
    suspect: (subject) => note(suspects, subject, crashHoldMs),
    condemn: (subject) => note(crashing, subject, crashHoldMs),
    overran: (subject) => note(slow, subject, slowHoldMs),
    completed({ image, work }) {
      if (suspects.size === 0) return;
      const clear = (key: string) => suspects.delete(`${key} ${work}`);
      if (typeof image === 'string') clear(image);
      else if (mayBeKnown(image.length)) keyOf(image).then(clear, () => {});
    },
  };
}

async function keyOf(image: string | Buffer): Promise<string> {
  if (typeof image === 'string') return image;
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', image)).toString('hex');
}
