import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { clients, type GeneratedClient, openapiGenerator } from './generated/clients.ts';

/*
 * Tests each client generator on the OpenAPI document: one program per generator takes images through their life cycle
 * with freshly generated code.
 */

const execute = promisify(execFile);
const programs = fileURLToPath(new URL('generated', import.meta.url));
const document = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url));
const table = new URL('../../docs/generated-clients.md', import.meta.url);
const work = await temporaryFolder({ after }, 'generated');
await copyFile(document, join(work, 'openapi.json'));

const original = await photo(1200, 900);
const other = await photo(600, 400, 'png');
const otherId = createHash('sha256').update(other).digest('hex');
await writeFile(join(work, 'photo.jpg'), original);
await writeFile(join(work, 'other.png'), other);

const jar = once(fetchJar);
const rows = new Map<GeneratedClient, string>();

suite('generated clients', { concurrency: 2 }, () => {
  for (const client of clients) {
    const { generator, folder, generate, compile, run, env } = client;
    const cwd = join(work, folder);
    const command = async ([program = '', ...args]: string[]) => {
      const options = { cwd, env: { ...process.env, ...env }, timeout: 500_000, maxBuffer: 2 ** 26 };
      await execute(program, args, options).catch((error) => {
        throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
      });
    };
    const steps = { generates: false, compiles: false, passes: false };

    test(`${generator}: generates, compiles, and completes the life cycle of an image`, async (t) => {
      closeWith(t, async () => {
        const outcomes = Object.values(steps).map((done) => (done ? 'yes' : '**no**'));
        const version = await versionOf(client);
        rows.set(client, [client.language, generator, version, ...outcomes, client.option].join(' | '));
      });
      await cp(join(programs, folder), cwd, { recursive: true });
      if (client.jar) await jar();
      for (const step of generate) await command(step);
      steps.generates = true;
      for (const step of compile) await command(step);
      steps.compiles = true;

      const service = await startService(t);
      const results = join(work, `${folder}-results`);
      await mkdir(results);
      const args = [service.http, join(work, 'photo.jpg'), join(work, 'other.png'), otherId, results];
      const inOne = run.at(-1)?.endsWith('=');
      await command(inOne ? [...run.slice(0, -1), run.at(-1) + args.join(' ')] : [...run, ...args]);

      assert.deepEqual(await readFile(join(results, 'original')), original);
      const resized = await readFile(join(results, 'resized'));
      assert.equal(`${resized.toString('latin1', 0, 4)} ${resized.toString('latin1', 8, 16)}`, 'RIFF WEBPVP8 ');
      assert.equal(resized.readUInt16LE(26) & 0x3fff, 300);
      const remaining = (await (await fetch(`${service.http}/images`)).json()) as { images: { image_id: string }[] };
      assert.deepEqual(
        remaining.images.map(({ image_id }) => image_id),
        [otherId],
      );
      steps.passes = true;
    });
  }
});

test('docs/generated-clients.md has these outcomes; IMGWIRE_WRITE_DOCS=true updates it', async () => {
  assert.equal(rows.size, clients.length);
  const head = 'Language | Generator | Version | Generates | Compiles | Passes | What it needs';
  const lines = [head, head.replaceAll(/[^|]+/g, '---'), ...clients.map((client) => rows.get(client))];
  const made = lines.map((line) => `| ${line} |\n`).join('');
  const page = await readFile(table, 'utf8');
  const [start, end] = ['<!-- table -->\n', '<!-- /table -->'];
  const expected = page.slice(0, page.indexOf(start) + start.length) + made + page.slice(page.indexOf(end));
  if (process.env.IMGWIRE_WRITE_DOCS === 'true') await writeFile(table, expected);
  assert.equal(await readFile(table, 'utf8'), expected);
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function fetchJar(): Promise<void> {
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
  await execute('mvn', ['-q', '-B', plugin, `-Dartifact=${openapiGenerator}`, `-DoutputDirectory=${work}`]);
}

async function versionOf({ folder, version: { file, after } }: GeneratedClient): Promise<string> {
  const inFolder = file === 'clients.ts' ? join(programs, file) : join(programs, folder, file);
  const text = await readFile(inFolder, 'utf8');
  const version = text.slice(text.indexOf(after) + after.length).match(/^\d+(\.\d+)+/);
  assert.ok(version, `Expected a version after ${after} in ${inFolder}`);
  return version[0];
}
