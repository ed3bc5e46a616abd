import type { Contender, Picture } from './contenders/contender.ts';
import { type Bench, reportRatio, summarize } from './measure.ts';
import { settled } from './process-tree.ts';

/** Pictures a second of each contender, by round. */
export type Rates = Map<Contender, number[]>;

/**
 * Has contenders take turns, each round in another order, with the same list in each turn of a round.
 * @param lists of the rounds, before them one to warm up with, which does not count
 */
export async function race(
  bench: Bench,
  contenders: readonly Contender[],
  lists: readonly (readonly Picture[])[],
): Promise<Rates> {
  const rates: Rates = new Map(contenders.map((contender) => [contender, []]));
  for (const [round, pictures] of lists.entries()) {
    for (const contender of inOrder(contenders, round)) {
      const rate = await contender.rate(pictures, bench.seconds).catch((cause) => {
        throw new Error(`${contender.name} failed in round ${round}`, { cause });
      });
      if (round > 0) rates.get(contender)?.push(rate);
      await settled(contender.pid);
    }
  }
  return rates;
}

/** Another one begins each time, and every other round runs backwards. */
function inOrder<T>(all: readonly T[], round: number): T[] {
  const first = Math.floor(round / 2) % all.length;
  const turned = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? turned : turned.reverse();
}

/** A line for each contender but the first, which is ours. Goals are by name. */
export function reportRace(bench: Bench, what: string, rates: Rates, goals: Record<string, number> = {}): void {
  const [[, ours] = [], ...others] = rates;
  for (const [{ name }, theirs] of others) {
    reportRatio(bench, what, '/s', { name, ...summarize(ours ?? [], theirs) }, goals[name]);
  }
}
