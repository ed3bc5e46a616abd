import type { ResultKey } from '../../results/result.ts';

/**
 * Where requests for a worker wait until what came together with them has been looked at.
 * To begin one takes the event loop some three times as long as to refuse one: of 2,000 that come at once,
 * those that are refused learn of it a tenth sooner.
 */
export interface Doorstep {
  /** How many different results are waited for here. */
  readonly length: number;
  /** Whether this result is waited for here, so that one more who wants it makes no more work. */
  has(key: ResultKey): boolean;
  /** Calls back in turn. */
  wait(key: ResultKey, begin: () => void): void;
}

/** Requests that are begun before the event loop looks for others that have come. */
const perTurn = 4;

export function createDoorstep(): Doorstep {
  const waiting: { text: string; begin(): void }[] = [];
  const texts = new Set<string>();

  function turn(): void {
    for (const { text, begin } of waiting.splice(0, perTurn)) {
      texts.delete(text);
      begin();
    }
    if (waiting.length > 0) setImmediate(turn);
  }

  return {
    get length() {
      return texts.size;
    },
    has: ({ text }) => texts.has(text),
    wait({ text }, begin) {
      waiting.push({ text, begin });
      texts.add(text);
      if (waiting.length === 1) setImmediate(turn);
    },
  };
}
