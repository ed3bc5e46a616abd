import { RequestError } from '../contract/errors.ts';

/** The bytes of images on their way through the gateway, over both doors, in both directions. */
export interface Budget {
  /**
   * Sets bytes aside for a request before they are read.
   * @returns gives them back; further calls do nothing
   * @throws RequestError `overloaded` where they would go over the limit
   */
  reserve(bytes: number): () => void;
  /** Counts bytes that are there anyway, such as a reply, whatever the limit says. */
  charge(bytes: number): () => void;
  /** Whether these bytes could be set aside now; more than there are in all can be when nothing else is. */
  hasRoom(bytes: number): boolean;
  /** Calls back once, when bytes are given back next. */
  onceFreed(callback: () => void): void;
  readonly used: number;
}

export function createBudget(limit: number): Budget {
  let used = 0;
  let waiting: (() => void)[] = [];
  const charge = (bytes: number) => {
    used += bytes;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      used -= bytes;
      const callbacks = waiting;
      waiting = [];
      for (const callback of callbacks) callback();
    };
  };
  return {
    reserve(bytes) {
      if (used + bytes > limit) {
        throw new RequestError('overloaded', `Expected at most ${limit} bytes of images on their way; try again later`);
      }
      return charge(bytes);
    },
    charge,
    hasRoom: (bytes) => used === 0 || used + bytes <= limit,
    onceFreed: (callback) => void waiting.push(callback),
    get used() {
      return used;
    },
  };
}

/** Share of the whole that one door may take, unless it has taken nothing yet: the rest is kept for the other. */
const shareOfDoor = 0.75;

/** One limit for both doors, of which neither can take all. */
export function createBudgets(limit: number): { http: Budget; zmq: Budget } {
  const whole = createBudget(limit);
  return { http: partOf(whole, limit * shareOfDoor), zmq: partOf(whole, limit * shareOfDoor) };
}

function partOf(whole: Budget, share: number): Budget {
  const part = createBudget(share);
  const isWithinShare = (bytes: number) => part.used === 0 || part.used + bytes <= share;
  const both = (releaseWhole: () => void, bytes: number) => {
    const releasePart = part.charge(bytes);
    return () => {
      releasePart();
      releaseWhole();
    };
  };
  return {
    reserve(bytes) {
      if (!isWithinShare(bytes)) part.reserve(bytes);
      return both(whole.reserve(bytes), bytes);
    },
    charge: (bytes) => both(whole.charge(bytes), bytes),
    hasRoom: (bytes) => isWithinShare(bytes) && whole.hasRoom(bytes),
    onceFreed: whole.onceFreed,
    get used() {
      return part.used;
    },
  };
}
