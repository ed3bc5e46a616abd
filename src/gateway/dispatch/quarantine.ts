import { webcrypto } from 'node:crypto';
import type { Input } from '../input.ts';

/**
 * Remembers the inputs in whose company workers were lost, and keeps those away that do it again and again.
 * An image is known by its SHA-256, whether it comes by its id or as bytes; bytes are hashed only where
 * their size is that of a suspect, and away from the event loop.
 */
export interface Quarantine {
  /** Whether an input is kept away; decided at once where there is no suspect that it could be. */
  holds(input: Input): boolean | Promise<boolean>;
  /**
   * Notes the loss of a worker that had these inputs in work. One that was there at three losses within a minute
   * is kept away, where it had no success between them and no worker was lost without it in that minute:
   * where workers are killed whatever they do, an innocent image can be there three times.
   * @returns of each input whether it is now kept away
   */
  lost(inputs: readonly Input[]): Promise<boolean[]>;
  /** Keeps an input away: it was found guilty. */
  condemn(input: Input): Promise<void>;
  /** Notes that an input was worked on to the end: it is no suspect. */
  clear(input: Input): void;
}

interface Suspect {
  /** Bytes of the input, where it came as bytes. */
  size: number | undefined;
  /** When workers were lost over it. */
  losses: number[];
  heldUntil: number;
}

export interface QuarantineOptions {
  /** Losses that condemn an input. */
  maxLosses?: number;
  /** Milliseconds in which they have to happen, and for which it is kept away then. */
  windowMs?: number;
  /** Milliseconds that an input is kept away which was found guilty. */
  holdMs?: number;
  /** Most inputs that are remembered; the oldest is forgotten first. */
  maxSuspects?: number;
  now?: () => number;
}

export function createQuarantine({
  maxLosses = 3,
  windowMs = 60_000,
  holdMs = 600_000,
  maxSuspects = 1000,
  now = () => performance.now(),
}: QuarantineOptions = {}): Quarantine {
  const suspects = new Map<string, Suspect>();
  /** When workers were lost, whatever they had in work. */
  let allLosses: number[] = [];

  const isRecent = (time: number) => time > now() - windowMs;
  const isKnown = (suspect: Suspect) => suspect.heldUntil > now() || suspect.losses.some(isRecent);

  function prune(): void {
    for (const [key, suspect] of suspects) if (!isKnown(suspect)) suspects.delete(key);
    for (const key of suspects.keys()) {
      if (suspects.size < maxSuspects) break;
      suspects.delete(key);
    }
  }

  function suspectOf(key: string, input: Input): Suspect {
    const known = suspects.get(key);
    if (known) {
      if (typeof input !== 'string') known.size = input.length;
      return known;
    }
    const suspect = { size: typeof input === 'string' ? undefined : input.length, losses: [], heldUntil: 0 };
    prune();
    suspects.set(key, suspect);
    return suspect;
  }

  /** Whether these bytes may be a suspect's: one without a known size is known by its id alone. */
  const mayBeSuspect = (bytes: Buffer) =>
    [...suspects.values()].some(({ size }) => size === undefined || size === bytes.length);

  const isHeld = (key: string) => (suspects.get(key)?.heldUntil ?? 0) > now();

  return {
    holds(input) {
      if (suspects.size === 0) return false;
      if (typeof input === 'string') return isHeld(input);
      return mayBeSuspect(input) ? keyOf(input).then(isHeld) : false;
    },
    async lost(inputs) {
      const keys = await Promise.all(inputs.map(keyOf));
      allLosses = [...allLosses.filter(isRecent), now()];
      for (const [key, input] of new Map(keys.map((key, index) => [key, inputs[index] as Input]))) {
        const suspect = suspectOf(key, input);
        suspect.losses = [...suspect.losses.filter(isRecent), now()];
        const wasAtAll = suspect.losses.length === allLosses.length;
        // For as long as the losses count: only a crash says surely whose fault it was.
        if (suspect.losses.length >= maxLosses && wasAtAll) suspect.heldUntil = now() + windowMs;
      }
      return keys.map(isHeld);
    },
    async condemn(input) {
      suspectOf(await keyOf(input), input).heldUntil = now() + holdMs;
    },
    clear(input) {
      if (suspects.size === 0) return;
      const forget = (key: string) => {
        if (!isHeld(key)) suspects.delete(key);
      };
      if (typeof input === 'string') forget(input);
      else if (mayBeSuspect(input)) void keyOf(input).then(forget);
    },
  };
}

async function keyOf(input: Input): Promise<string> {
  if (typeof input === 'string') return input;
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', input)).toString('hex');
}
