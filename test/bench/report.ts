import { availableParallelism, cpus } from 'node:os';
import type { Line } from './measure.ts';

export interface Section {
  title: string;
  /** What is behind the figures, in a sentence or two. */
  about: string;
  lines: Line[];
}

/** RESULTS.md: a table for each group. */
export function document(sections: readonly Section[], photograph: string, versions: string): string {
  const machine = `${availableParallelism()} CPUs (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}`;
  return [
    '# Figures',
    '',
    `By \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, ${machine}; ${photograph}.`,
    'Contenders take turns in one run, each round in another order, with six requests in flight from wrk, a process of its',
    'own. Figures are medians over the rounds; a ratio is the median of the rounds’ own ratios, with the smallest and the',
    'largest in brackets. CPU time is that of all processes of a contender, for each picture.',
    '',
    `Beside ${versions}.`,
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

/** A line as it comes in. */
export function lineText({ what, ours, reference, result, goal, met }: Line): string {
  const mark = goal === '' ? '·' : met ? '✔' : '✘';
  const parts = [ours, reference, result].filter((part) => part !== '').join(' | ');
  return `${mark} ${what}: ${parts}${goal === '' ? '' : ` (${goal})`}\n`;
}
