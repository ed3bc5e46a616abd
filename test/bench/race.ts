import type { Contender, Picture } from './contenders/contender.ts';
import { perSecond } from './load/wrk.ts';
import { type Bench, median, reportRatio, summarize } from './measure.ts';
import { cpuTimeOf, waitUntilIdle } from './process-tree.ts';

interface Score {
  /** Pictures per second, by round. */
  rates: number[];
  /** CPU time of all its processes per picture until they are idle again, in milliseconds, by round. */
  cpuTimes: number[];
}

/** Many short turns: a disturbance then tends to hit neighbouring turns alike, and the median ignores it. */
export const roundsOf = ({ rounds, seconds }: Bench) => ({ rounds: 2 * rounds + 1, seconds: seconds / 2 });

export type Scores = Map<Contender, Score>;

/**
 * Runs contenders in turns, each round in another order and with the same list for all.
 * @param lists one to warm up with, which does not count, then one per round
 */
export async function race(
  bench: Bench,
  contenders: readonly Contender[],
  lists: readonly (readonly Picture[])[],
): Promise<Scores> {
  const scores: Scores = new Map(contenders.map((contender) => [contender, { rates: [], cpuTimes: [] }]));
  const { seconds } = roundsOf(bench);
  for (const [round, pictures] of lists.entries()) {
    for (const contender of orderFor(contenders, round)) {
      const before = await cpuTimeOf(contender.pid);
      const turn = await contender.run(pictures, seconds).catch((cause) => {
        throw new Error(`${contender.name} failed in round ${round}`, { cause });
      });
      await waitUntilIdle(contender.pid);
      const score = scores.get(contender);
      if (round === 0 || !score) continue;
      score.rates.push(perSecond(turn));
      score.cpuTimes.push(((await cpuTimeOf(contender.pid)) - before) / turn.answered);
    }
  }
  return scores;
}

/** Rotates the order every two rounds, and reverses it in every other round. */
function orderFor<T>(all: readonly T[], round: number): T[] {
  const first = Math.floor(round / 2) % all.length;
  const rotated = [...all.slice(first), ...all.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}

/**
 * Reports a line per contender that compares it with the first one, which is ours.
 * @param goals least ratios, by name
 */
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
