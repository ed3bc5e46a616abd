import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDocuments } from '../../openapi/tables.ts';
import { photo } from '../helpers/photo.ts';
import { cached } from './lines/cached.ts';
import { capacity } from './lines/capacity.ts';
import { dispatching } from './lines/dispatching.ts';
import { load } from './lines/load.ts';
import { resizes } from './lines/resizes.ts';
import { scale } from './lines/scale.ts';
import { scaling } from './lines/scaling.ts';
import { sharedWork } from './lines/shared-work.ts';
import { uploads } from './lines/uploads.ts';
import { wire } from './lines/wire.ts';
import type { Bench, Line } from './measure.ts';

const usage = `Usage: npm run bench -- [options] [group …]

Measures the built service beside its references, each in turn, and prints the figures.

Options:
  --image FILE  the photograph (default: one of 6 megapixels that is made here)
  --quick       few and short rounds: a first impression
  --save        writes test/bench/RESULTS.md and the table of docs/speed.md from it; needs all groups
`;

const groups = { resizes, cached, wire, sharedWork, dispatching, load, uploads, scaling, scale, capacity };
type Group = keyof typeof groups;

const { values, positionals } = parseArgs({
  options: {
    image: { type: 'string' },
    quick: { type: 'boolean' },
    save: { type: 'boolean' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(usage);
  process.exit();
}

if (values.save && positionals.length > 0) {
  process.stderr.write('Expected no group with --save, which needs all of them\n');
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
const image = join(folder, 'photo.jpg');
if (values.image) await copyFile(resolve(values.image), image);
else await writeFile(image, await photo(3000, 2000));

const lines: Line[] = [];
const chosen = (positionals.length > 0 ? positionals : Object.keys(groups)) as Group[];
try {
  for (const name of chosen) await runGroup(name);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (values.save) {
  await writeFile(new URL('RESULTS.md', import.meta.url), document());
  await writeDocuments();
}
// Sockets of clients that were never answered would keep the process alive.
process.exit(0);

async function runGroup(name: Group): Promise<void> {
  const closers: (() => unknown)[] = [];
  const bench: Bench = {
    image,
    rounds: values.quick ? 3 : 7,
    seconds: values.quick ? 2 : 4,
    after: (close) => closers.push(close),
    report(line) {
      lines.push(line);
      process.stdout.write(
        `${line.met ? '✔' : '✘'} ${line.what}: ${line.ours} | ${line.reference} | ${line.result} (${line.goal})\n`,
      );
    },
  };
  try {
    await groups[name](bench);
  } finally {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  }
}

function document(): string {
  const machine = `${availableParallelism()} CPUs (${cpus()[0]?.model.trim()}), Node.js ${process.versions.node}`;
  const rows = lines.map(({ what, ours, reference, result, goal, met }) => {
    return `| ${what} | ${ours} | ${reference} | ${result} | ${goal} | ${met ? 'met' : '**missed**'} |`;
  });
  return [
    '# Figures',
    '',
    `By \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, ${machine}; ${values.image ? `photograph given by --image` : 'a made photograph of 6 megapixels'}.`,
    'Contenders take turns in the same run; figures are medians, and a ratio is the median of the ratios of the rounds.',
    '',
    '| what | imgwire | reference | result | goal | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
