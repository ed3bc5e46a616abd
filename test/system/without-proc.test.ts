import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command, nodeFlags } from '../helpers/command.ts';
import { svg } from '../helpers/images.ts';
import { temporaryFolder } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';

test('serves without /proc, as in a chroot', async (t) => {
  const empty = await temporaryFolder(t, 'proc');
  const script = 'mount --bind "$0" /proc && exec "$@"';
  const node = [process.execPath, ...nodeFlags, command];
  const service = await startService(t, { executable: ['unshare', '--mount', 'sh', '-c', script, empty, ...node] });
  const headers = { 'content-type': 'image/svg+xml' };
  const body = new Uint8Array(svg);
  const resized = await fetch(`${service.http}/resize?width=32&format=png`, { method: 'POST', headers, body });
  assert.equal(resized.status, 200);
  for (const path of ['/images', '/metrics']) assert.equal((await fetch(service.http + path)).status, 200, path);
  assert.deepEqual(await service.stop(), { code: 0, signal: null });
});
