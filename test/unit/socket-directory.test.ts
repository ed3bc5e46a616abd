import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSocketDirectory } from '../../src/gateway/workers/socket-directory.ts';

test('clears away what no gateway listens at, and never what one does, whatever its process id', async (t) => {
  const parent = mkdtempSync(join(tmpdir(), 'imgwire-sockets-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const folder = (name: string) => {
    const path = join(parent, name);
    mkdirSync(path);
    return path;
  };
  // No process of this id need run here: it may be another container's.
  const live = folder('imgwire-4194303-live');
  const server = createServer().listen(join(live, 'worker-0.0.0'));
  t.after(() => server.close());
  await once(server, 'listening');
  const dead = folder(`imgwire-${process.pid}-dead`);
  writeFileSync(join(dead, 'worker-0.0.0'), '');
  const starting = folder('imgwire-4194302-starting');
  const abandoned = folder('imgwire-4194301-abandoned');
  utimesSync(abandoned, 0, 0);
  const foreign = folder('somebody-else');

  const { path, remove } = await createSocketDirectory(parent);
  assert.deepEqual(
    [live, dead, starting, abandoned, foreign, path].map((name) => existsSync(name)),
    [true, false, true, false, true, true],
  );
  await remove();
  assert.equal(existsSync(path), false);
});

// Only root can make a folder of another user's.
if (process.getuid?.() === 0) {
  test("another user's folder is left alone and does not stop the start", async (t) => {
    const parent = mkdtempSync(join(tmpdir(), 'imgwire-sockets-'));
    t.after(() => rmSync(parent, { recursive: true, force: true }));
    const other = join(parent, 'imgwire-4194300-other');
    mkdirSync(other, { mode: 0o700 });
    utimesSync(other, 0, 0);
    chownSync(other, 65_534, 65_534);
    await (await createSocketDirectory(parent)).remove();
    assert.equal(existsSync(other), true);
  });
}
