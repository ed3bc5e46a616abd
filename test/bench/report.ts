import { availableParallelism, cpus } from 'node:os';
import type { Line } from './measure.ts';

export interface Section {
  title: string;
  /** What was measured and how, in a sentence or two. */
  about: string;
  lines: Line[];
}

/** Text of RESULTS.md: a table per group. */
export function resultsDocument(sections: readonly Section[], photograph: string, versions: string): string {
  const machine = `${availableParallelism()} CPUs (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}`;
  return [
    '# Figures',
    '',
    `Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}; ${photograph}.`,
    'Contenders take turns in one run, each round in another order. Load comes from wrk, a separate process, with six requests',
    'in flight. Figures are medians over the rounds. A ratio is the median of the per-round ratios, with the smallest and the',
    'largest in brackets. CPU time is per picture, for all processes of a contender.',
    '',
    `Versions: ${versions}.`,
    '',
    ...sections.flatMap(({ title, about, lines }) => [`## ${title}`, '', about, '', ...table(lines), '']),
  ].join('\n');
}

function table(lines: readonly Line[]): string[] {
  const rows = lines.map(({ what, ours, reference, result, goal, met }) => {
    const verdict = goal === '' ? '' : met ? 'met' : '**missed**';
    return `| ${[what, ours, reference, result, goal, verdict].map((cell) => cell.replaceAll('|', '·')).join(' | ')} |`;
  });
  return ['| what | imgwire | reference | result | goal | |', '| --- | --- | --- | --- | --- | --- |', ...rows];
}

/** A line for the terminal. */
export function formatLine({ what, ours, reference, result, goal, met }: Line): string {
  const mark = goal === '' ? '·' : met ? '✔' : '✘';
  const parts = [ours, reference, result].filter((part) => part !== '').join(' | ');
  return `${mark} ${what}: ${parts}${goal === '' ? '' : ` (${goal})`}\n`;
}
