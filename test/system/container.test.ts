import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { buildContainer } from '../helpers/container.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { runOrThrow } from '../helpers/run.ts';

const context = fileURLToPath(new URL('../../', import.meta.url));
const scratch = await temporaryFolder({ after }, 'svg');

const container = await buildContainer({ after }, context);
const { stage } = container;

const key = 'iw_key-of-this-test';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const withKey = ['-H', `Authorization: Bearer ${key}`];

test('the Dockerfile builds from a clean context, without npm warnings', () => {
  assert.doesNotMatch(stage.output, /npm warn/);
  assert.deepEqual(readdirSync(join(stage.root, 'app')).sort(), ['bin', 'dist', 'node_modules', 'package.json']);
  const installed = readdirSync(join(stage.root, 'app/node_modules'));
  assert.ok(installed.includes('sharp') && installed.includes('zeromq'));
  assert.ok(!installed.includes('typescript') && !installed.includes('tsx'));
});

test('the container serves, is healthy, and exits on SIGTERM', async () => {
  await assert.rejects(container.exec(stage.healthCheck));
  const service = container.start({ IMGWIRE_API_KEYS: `test:read+write:${sha256(key)}` });
  const exited = once(service, 'exit');
  for await (const line of createInterface({ input: service.stdout as NonNullable<typeof service.stdout> })) {
    if (JSON.parse(line).msg === 'ready') break;
  }
  await container.exec(stage.healthCheck);

  const svg = join(scratch, 'text.svg');
  const png = join(scratch, 'text.png');
  writeFileSync(
    svg,
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text y="30">Grüße 漢字</text></svg>',
  );
  const url = 'http://127.0.0.1:8080';
  await container.runInNetwork('curl', [
    '-sf',
    ...withKey,
    '-F',
    `image=@${svg}`,
    '-o',
    png,
    `${url}/resize?format=png&width=200`,
  ]);
  const { channels } = await sharp(png).stats();
  assert.ok(Number(channels[3]?.stdev) > 10, 'text on a transparent background');
  const stored = await container.runInNetwork('curl', ['-sf', ...withKey, '-F', `image=@${png}`, `${url}/images`]);
  const { image_id: id } = JSON.parse(stored.stdout);
  assert.deepEqual(readdirSync(join(stage.root, 'data/images', id.slice(0, 2), id.slice(2, 4))), [id]);

  service.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('the container does not start without keys', async () => {
  const service = container.start();
  const [code] = await once(service, 'exit');
  assert.equal(code, 2);
});

test('its fonts cover the languages named in the Dockerfile', async () => {
  for (const language of ['de', 'el', 'ru', 'he', 'ar', 'hy', 'ka', 'zh', 'ja']) {
    const { stdout } = await container.exec(['fc-list', `:lang=${language}`, 'family']);
    assert.notEqual(stdout, '', language);
  }
});

test('a container engine, if available, builds the image', async () => {
  const engine = ['docker', 'podman'].find((name) => spawnSync(name, ['info']).status === 0);
  if (engine === undefined) return;
  await runOrThrow(engine, ['build', '--tag', 'imgwire-test', context]);
  const { stdout } = await runOrThrow(engine, ['run', '--rm', 'imgwire-test', 'bin/imgwire', '--version']);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
