import { RequestError } from '../../contract/errors.ts';

export interface Reservation {
  /** @throws RequestError `overloaded` over the limit; what was taken before stays taken */
  grow(bytes: number): void;
  /** Further calls do nothing. */
  release(): void;
}

/** Bounds the bytes of images in flight through one door, in both directions. */
export interface ByteBudget {
  /**
   * For bytes that may come.
   * @throws RequestError `overloaded` where they would be over the limit
   */
  check(bytes: number): void;
  /** @throws RequestError `overloaded` over the limit */
  reserve(bytes?: number): Reservation;
  /**
   * Counts a buffer while it waits to be sent; one that several replies share counts once.
   * @returns gives it back; further calls do nothing
   * @throws RequestError `overloaded` over the limit
   */
  hold(buffer: Buffer): () => void;
  readonly used: number;
  /** Refusals over the limit, in all. */
  readonly refused: number;
}

/** Of the whole limit; the rest is kept for the other door. */
const doorShare = 0.75;

/** Creates two budgets under one limit, of which neither door can take all. */
export function createByteBudgets(
  limit: number,
  onRelease?: (bytes: number) => void,
): { http: ByteBudget; zmq: ByteBudget } {
  const total = { used: 0 };
  const create = () => createByteBudget(limit, Math.floor(limit * doorShare), total, onRelease);
  return { http: create(), zmq: create() };
}

/**
 * @param limit bytes of all budgets that count in `total`
 * @param share bytes of this one; a single request may take more while it is alone
 */
export function createByteBudget(
  limit: number,
  share = limit,
  total = { used: 0 },
  onRelease: (bytes: number) => void = () => {},
): ByteBudget {
  let used = 0;
  let refused = 0;
  const held = new WeakMap<ArrayBufferLike, { holders: number; bytes: number }>();

  function take(bytes: number, own: number): void {
    const overShare = used > own && used + bytes > share;
    if (overShare || total.used + bytes > limit) {
      refused += 1;
      throw new RequestError('overloaded', `Expected at most ${limit} bytes of images in flight; try again later`);
    }
    used += bytes;
    total.used += bytes;
  }

  function give(bytes: number): void {
    used -= bytes;
    total.used -= bytes;
  }

  function check(bytes: number): void {
    take(bytes, 0);
    give(bytes);
  }

  function reserve(bytes = 0): Reservation {
    let taken = 0;
    const grow = (more: number) => {
      take(more, taken);
      taken += more;
    };
    grow(bytes);
    return {
      grow,
      release() {
        give(taken);
        onRelease(taken);
        taken = 0;
      },
    };
  }

  function hold(buffer: Buffer): () => void {
    let entry = held.get(buffer.buffer);
    if (entry === undefined) {
      take(buffer.length, 0);
      entry = { holders: 0, bytes: buffer.length };
      held.set(buffer.buffer, entry);
    }
    const counted = entry;
    counted.holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      counted.holders -= 1;
      if (counted.holders > 0) return;
      held.delete(buffer.buffer);
      give(counted.bytes);
    };
  }

  return {
    check,
    reserve,
    hold,
    get used() {
      return used;
    },
    get refused() {
      return refused;
    },
  };
}
