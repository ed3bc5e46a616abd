import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { runOrThrow } from '../helpers/run.ts';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'imgwire-systemd-'));
const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child'];
const boot = [
  pathOf('test/helpers/boot-systemd'),
  scratch,
  pathOf('docs/systemd/imgwire.service'),
  pathOf('bin/imgwire'),
];
const machine = spawn('unshare', [...namespaces, ...boot], { stdio: ['ignore', 'pipe', 'inherit'] });
const halted = once(machine, 'exit');
after(async () => {
  await inside('systemctl', 'halt', '--no-block').catch(() => machine.kill('SIGKILL'));
  await halted;
  rmSync(scratch, { recursive: true });
});
await once(machine.stdout, 'data');
const systemd = readFileSync(`/proc/${machine.pid}/task/${machine.pid}/children`, 'utf8').trim();

/** Runs a program inside the booted machine. */
async function inside(...program: string[]): Promise<string> {
  return (await runOrThrow('nsenter', ['--target', systemd, '--all', ...program])).stdout;
}

const retryOptions = [
  '--silent',
  '--fail',
  '--retry',
  '60',
  '--retry-delay',
  '1',
  '--retry-all-errors',
  '--max-time',
  '120',
];
const ready = () => inside('curl', ...retryOptions, 'http://127.0.0.1:8080/ready');
const property = async (name: string) => (await inside('systemctl', 'show', '--value', '-p', name, 'imgwire')).trim();

test('systemd accepts the unit without complaints', async () => {
  await ready();
  const { stdout, stderr } = await runOrThrow('nsenter', [
    ...['--target', systemd, '--all', 'systemd-analyze', 'verify', '/etc/systemd/system/imgwire.service'],
  ]);
  assert.equal(stdout + stderr, '');
  const [, exposure] = /exposure level for imgwire.service: ([\d.]+)/.exec(
    await inside('systemd-analyze', 'security', '--no-pager', 'imgwire'),
  ) as RegExpExecArray;
  assert.ok(Number(exposure) < 2, exposure);
});

test('the service works in its sandbox, as its own user', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><rect width="100" height="40"/></svg>';
  writeFileSync(join(scratch, 'image.svg'), svg);
  const url = 'http://127.0.0.1:8080/images';
  const network = ['--target', systemd, '--net'];
  const upload = ['curl', '--silent', '--fail', '-F', `image=@${join(scratch, 'image.svg')}`, url];
  const { image_id: id } = JSON.parse((await runOrThrow('nsenter', [...network, ...upload])).stdout);
  const png = join(scratch, 'image.png');
  await runOrThrow('nsenter', [
    ...network,
    'curl',
    '--silent',
    '--fail',
    '-o',
    png,
    `${url}/${id}?format=png&width=50`,
  ]);
  assert.equal((await sharp(png).metadata()).width, 50);

  const stored = `/var/lib/imgwire/images/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`;
  assert.equal(await inside('stat', '--format=%U %a', stored), 'imgwire 600\n');
  const { stdout } = await runOrThrow('nsenter', [
    ...['--target', systemd, '--all', 'env', 'IMGWIRE_DATA_DIR=/var/lib/imgwire', pathOf('bin/imgwire'), 'verify'],
  ]);
  assert.match(stdout, /^1 images, 0\.0 MB, 0 damaged$/m);
});

test('systemd restarts the service when killed, but not when stopped', async () => {
  await inside('systemctl', 'kill', '--kill-who=main', '--signal=KILL', 'imgwire');
  await inside('sh', '-c', 'until [ "$(systemctl show --value -p NRestarts imgwire)" = 1 ]; do sleep 0.1; done');
  await ready();
  await inside('systemctl', 'stop', 'imgwire');
  assert.deepEqual([await property('Result'), await property('ExecMainStatus')], ['success', '0']);
  assert.equal(await property('ActiveState'), 'inactive');
});
