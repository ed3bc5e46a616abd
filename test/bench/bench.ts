import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDocuments } from '../../openapi/tables.ts';
import { photo } from '../helpers/photo.ts';
import { versions } from './contenders/versions.ts';
import { type Group, groups } from './groups.ts';
import { requireWrk } from './load/wrk.ts';
import { profile } from './profile/profile.ts';
import { formatLine, resultsDocument, type Section } from './report.ts';
import { scoped } from './scope.ts';

const usage = `Usage: npm run bench -- [options] [group …]

Benchmarks the built service against alternatives, all taking turns in one run, and prints the figures.
Needs wrk (a Debian package). Bare sharp, bare Fastify and ipx always run; thumbor after test/bench/peers/build or with
THUMBOR=command, imgproxy 4 with IMGPROXY=binary, imagor 1 with IMAGOR=binary. IPX=folder selects another ipx package.

Options:
  --image FILE        the photograph (default: a generated one of 6 megapixels)
  --photographs DIR   JPEG files from which to make the gallery's 500 photographs (default: a generated one)
  --quick             few and short rounds, for a first impression
  --save              writes test/bench/RESULTS.md and, from it, the tables of docs/speed.md; needs all groups
  --profile DIR       instead of measuring, profiles gateway and workers under load and writes the profiles into DIR

Groups: ${Object.keys(groups).join(', ')}
`;

const { values, positionals } = parseArgs({
  options: {
    image: { type: 'string' },
    photographs: { type: 'string' },
    quick: { type: 'boolean' },
    save: { type: 'boolean' },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(usage);
  process.exit();
}

const unknown = positionals.find((name) => !Object.hasOwn(groups, name));
const usageError =
  unknown !== undefined
    ? `Expected a group (${Object.keys(groups).join(', ')}) but received ${unknown}`
    : values.save && positionals.length > 0 && 'Expected no groups with --save, which needs all of them';
if (usageError) {
  process.stderr.write(`${usageError}\n`);
  process.exit(2);
}
await requireWrk();

// exit handlers kill the peers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
const image = join(folder, 'photo.jpg');
if (values.image) await copyFile(resolve(values.image), image);
else await writeFile(image, await photo(3000, 2000));

const sections: Section[] = [];
const names = positionals.length > 0 ? positionals : Object.keys(groups);
try {
  if (values.profile !== undefined) await profile(image, values.profile);
  else for (const name of names) await runGroup(groups[name] as Group);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (values.save) {
  const photograph = values.image ? 'the photograph given by --image' : 'a generated photograph of 6 megapixels';
  const how = values.quick ? `${photograph}, few and short rounds (\`--quick\`)` : photograph;
  await writeFile(new URL('RESULTS.md', import.meta.url), resultsDocument(sections, how, await versions()));
  await writeDocuments();
}
// Sockets with unanswered requests would keep the process alive.
process.exit(0);

async function runGroup({ title, about, run }: Group): Promise<void> {
  const section: Section = { title, about, lines: [] };
  sections.push(section);
  process.stdout.write(`\n${title}\n`);
  await scoped(({ after }) =>
    run({
      image,
      photographs: values.photographs,
      rounds: values.quick ? 3 : 7,
      seconds: values.quick ? 1 : 2,
      isQuick: values.quick ?? false,
      after,
      report(line) {
        section.lines.push(line);
        process.stdout.write(formatLine(line));
      },
    }),
  );
}
