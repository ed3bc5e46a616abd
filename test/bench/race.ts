import type { Contender, Picture } from './contenders/contender.ts';
import { perSecond } from './load/wrk.ts';
import { type Bench, median, reportRatio, summarize } from './measure.ts';
import { cpuTimeOf, settled } from './process-tree.ts';

/** By round. */
interface Score {
  /** Pictures a second. */
  rates: number[];
  /** CPU time of all its processes for a picture, until they came to rest, in milliseconds. */
  cpuTimes: number[];
}

/** Many short turns: what disturbs one is then likely to disturb the next as well, and the median passes it over. */
export const turns = ({ rounds, seconds }: Bench) => ({ rounds: 2 * rounds + 1, seconds: seconds / 2 });

export type Scores = Map<Contender, Score>;

/**
 * Has contenders take turns, each round in another order, with the same list in each turn of a round.
 * @param lists of the rounds, before them one to warm up with, which does not count
 */
export async function race(
  bench: Bench,
  contenders: readonly Contender[],
  lists: readonly (readonly Picture[])[],
): Promise<Scores> {
  const scores: Scores = new Map(contenders.map((contender) => [contender, { rates: [], cpuTimes: [] }]));
  const { seconds } = turns(bench);
  for (const [round, pictures] of lists.entries()) {
    for (const contender of inOrder(contenders, round)) {
      const before = await cpuTimeOf(contender.pid);
      const turn = await contender.run(pictures, seconds).catch((cause) => {
        throw new Error(`${contender.name} failed in round ${round}`, { cause });
      });
      await settled(contender.pid);
      const score = scores.get(contender);
      if (round === 0 || !score) continue;
      score.rates.push(perSecond(turn));
      score.cpuTimes.push(((await cpuTimeOf(contender.pid)) - before) / turn.answered);
    }
  }
  return scores;
}

/** Another one begins each time, and every other round runs backwards. */
function inOrder<T>(all: readonly T[], round: number): T[] {
  const first = Math.floor(round / 2) % all.length;
  const turned = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? turned : turned.reverse();
}

/** A line for each contender but the first, which is ours. Goals are by name. */
export function reportRace(bench: Bench, what: string, scores: Scores, goals: Record<string, number> = {}): void {
  const [first, ...others] = scores;
  if (!first) return;
  const [, ours] = first;
  const cpu = ({ cpuTimes }: Score) => `${median(cpuTimes).toFixed(1)} ms of CPU`;
  for (const [{ name }, theirs] of others) {
    const compared = summarize(ours.rates, theirs.rates);
    const notes = { ours: cpu(ours), reference: cpu(theirs) };
    reportRatio(bench, what, '/s', { name, notes, ...compared }, goals[name]);
  }
}
