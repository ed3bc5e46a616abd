import { RequestError } from '../../contract/errors.ts';

export interface Reservation {
  /** @throws RequestError `overloaded` over the limit; earlier bytes stay reserved */
  grow(bytes: number): void;
  /** Idempotent. */
  release(): void;
}

/** Limits the image bytes in flight through one door, in both directions. */
export interface ByteBudget {
  /**
   * Checks whether the bytes would fit, without reserving them.
   * @throws RequestError `overloaded` if they would exceed the limit
   */
  check(bytes: number): void;
  /** @throws RequestError `overloaded` over the limit */
  reserve(bytes?: number): Reservation;
  /**
   * Counts a buffer until it is sent. A buffer shared by several replies counts once.
   * @returns releases it; idempotent
   * @throws RequestError `overloaded` over the limit
   */
  hold(buffer: Buffer): () => void;
  readonly used: number;
  /** Total refusals. */
  readonly refused: number;
}

/** Maximum fraction of the limit for one door with several requests; a lone request may take more. */
const doorShare = 0.75;

/** Creates a budget per door under one limit, so that many requests at one door leave room for the other. */
export function createByteBudgets(
  limit: number,
  onRelease?: (bytes: number) => void,
): { http: ByteBudget; zmq: ByteBudget } {
  const total = { used: 0 };
  const create = () => createByteBudget(limit, Math.floor(limit * doorShare), total, onRelease);
  return { http: create(), zmq: create() };
}

/**
 * @param limit maximum bytes over all budgets that share `total`
 * @param share maximum bytes of this budget; a request may exceed it while it is the only one
 * @param onRelease called with the bytes of each released reservation
 */
export function createByteBudget(
  limit: number,
  share = limit,
  total = { used: 0 },
  onRelease: (bytes: number) => void = () => {},
): ByteBudget {
  let used = 0;
  let refused = 0;
  const heldBuffers = new WeakMap<ArrayBufferLike, { holders: number; bytes: number }>();

  function acquire(bytes: number, heldByRequest: number): void {
    const overShare = used > heldByRequest && used + bytes > share;
    if (overShare || total.used + bytes > limit) {
      refused += 1;
      throw new RequestError('overloaded', `Expected at most ${limit} bytes of images in flight; try again later`);
    }
    used += bytes;
    total.used += bytes;
  }

  function free(bytes: number): void {
    used -= bytes;
    total.used -= bytes;
  }

  function check(bytes: number): void {
    acquire(bytes, 0);
    free(bytes);
  }

  function reserve(bytes = 0): Reservation {
    let reserved = 0;
    const grow = (more: number) => {
      acquire(more, reserved);
      reserved += more;
    };
    grow(bytes);
    return {
      grow,
      release() {
        free(reserved);
        onRelease(reserved);
        reserved = 0;
      },
    };
  }

  function hold(buffer: Buffer): () => void {
    let heldBuffer = heldBuffers.get(buffer.buffer);
    if (heldBuffer === undefined) {
      acquire(buffer.length, 0);
      heldBuffer = { holders: 0, bytes: buffer.length };
      heldBuffers.set(buffer.buffer, heldBuffer);
    }
    const shared = heldBuffer;
    shared.holders += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      shared.holders -= 1;
      if (shared.holders > 0) return;
      heldBuffers.delete(buffer.buffer);
      free(shared.bytes);
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
