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
import { document, lineText, type Section } from './report.ts';
import { scoped } from './scope.ts';

const usage = `Usage: npm run bench -- [options] [group …]

Measures the built service beside what others would run instead, each in turn, and prints the figures.
Needs wrk (a Debian package). Peers: bare sharp, bare Fastify and ipx always, thumbor after test/bench/peers/build or
with THUMBOR=command, imgproxy 4 with IMGPROXY=binary, imagor 1 with IMAGOR=binary; IPX=folder of another ipx package.

Options:
  --image FILE        the photograph (default: one of 6 megapixels that is made here)
  --photographs DIR   JPEG files that the gallery's 500 photographs are made from (default: a picture that is made here)
  --quick             few and short rounds: a first impression
  --save              writes test/bench/RESULTS.md and the tables of docs/speed.md from it; needs all groups
  --profile DIR       instead of measuring, profiles gateway and workers under load into the folder

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
const refusal =
  unknown !== undefined
    ? `Expected a group but received ${unknown}: ${Object.keys(groups).join(', ')}`
    : values.save && positionals.length > 0 && 'Expected no group with --save, which needs all of them';
if (refusal) {
  process.stderr.write(`${refusal}\n`);
  process.exit(2);
}
await requireWrk();

// Peers are killed when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
const image = join(folder, 'photo.jpg');
if (values.image) await copyFile(resolve(values.image), image);
else await writeFile(image, await photo(3000, 2000));

const sections: Section[] = [];
const chosen = positionals.length > 0 ? positionals : Object.keys(groups);
try {
  if (values.profile !== undefined) await profile(image, values.profile);
  else for (const name of chosen) await runGroup(groups[name] as Group);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (values.save) {
  const photograph = values.image ? 'photograph given by --image' : 'a made photograph of 6 megapixels';
  const how = values.quick ? `${photograph}, few and short rounds (\`--quick\`)` : photograph;
  await writeFile(new URL('RESULTS.md', import.meta.url), document(sections, how, await versions()));
  await writeDocuments();
}
// Sockets of clients that were never answered would keep the process alive.
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
        process.stdout.write(lineText(line));
      },
    }),
  );
}
