import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { createSocketDirectory } from '../../src/gateway/workers/socket-directory.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';

test('removes stale folders, and never one in which a gateway listens, whatever its process id', async (t) => {
  const parent = await temporaryFolder(t, 'sockets');
  const folder = (name: string) => {
    const path = join(parent, name);
    mkdirSync(path);
    return path;
  };
  // The process id need not exist here: it may be from another container.
  const live = folder('imgwire-4194303-live');
  const server = createServer().listen(join(live, 'worker-0.0.0'));
  closeWith(t, () => server.close());
  await once(server, 'listening');
  const dead = folder(`imgwire-${process.pid}-dead`);
  writeFileSync(join(dead, 'worker-0.0.0'), '');
  const starting = folder('imgwire-4194302-starting');
  const abandoned = folder('imgwire-4194301-abandoned');
  utimesSync(abandoned, 0, 0);
  const foreign = folder('somebody-else');

  const { current, remove } = await createSocketDirectory(parent);
  const path = current();
  assert.deepEqual(
    [live, dead, starting, abandoned, foreign, path].map((name) => existsSync(name)),
    [true, false, true, false, true, true],
  );
  await remove();
  assert.equal(existsSync(path), false);
});

test('keeps the folder of a gateway that has lost all its workers until it exits', async (t) => {
  const parent = await temporaryFolder(t, 'sockets');
  const { current, remove } = await createSocketDirectory(parent);
  closeWith(t, remove);
  const path = current();
  writeFileSync(join(path, 'worker-0.0.0'), '');
  const startAnother = async () => (await createSocketDirectory(parent)).remove();
  await startAnother();
  assert.equal(existsSync(path), true);
  await startAnother();
  assert.equal(existsSync(path), true);

  const program = `
    import { writeFileSync } from 'node:fs';
    import { createSocketDirectory } from '${new URL('../../src/gateway/workers/socket-directory.ts', import.meta.url)}';
    const path = (await createSocketDirectory('${parent}')).current();
    writeFileSync(path + '/worker-0.0.0', '');
    console.log(path);
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  const stale = String(killed.stdout).trim();
  assert.equal(existsSync(stale), true, String(killed.stderr));
  await startAnother();
  assert.equal(existsSync(stale), false);
});

for (const [what, taken] of [
  ['the folder', ''],
  ['its sockets', 'gateway'],
] as const) {
  test(`creates a new folder after a temporary file cleaner has removed ${what}`, async (t) => {
    const parent = await temporaryFolder(t, 'sockets');
    const { current, remove } = await createSocketDirectory(parent);
    const first = current();
    assert.equal(current(), first);
    rmSync(join(first, taken), { recursive: true });
    const second = current();
    assert.notEqual(second, first);
    assert.equal(statSync(second).mode & 0o777, 0o700);
    await (await createSocketDirectory(parent)).remove();
    assert.equal(current(), second);
    await remove();
    assert.deepEqual(readdirSync(parent), []);
  });
}

test('reports an unusable TMPDIR and what was expected of it', async (t) => {
  const parent = await temporaryFolder(t, 'sockets');
  const long = join(parent, 'x'.repeat(80));
  mkdirSync(long);
  const file = join(parent, 'file');
  writeFileSync(file, '');
  for (const [unusable, reason] of [
    [join(parent, 'missing'), 'ENOENT'],
    [file, 'ENOTDIR'],
    [long, 'too long for a socket'],
  ] as const) {
    const message = `^Expected a folder .* TMPDIR but received ${unusable}: .*${reason}`;
    await assert.rejects(createSocketDirectory(unusable), { message: new RegExp(message) });
  }
});

// Only root can create another user's folder.
if (process.getuid?.() === 0) {
  test("leaves another user's folder alone and starts", async (t) => {
    const parent = await temporaryFolder(t, 'sockets');
    const other = join(parent, 'imgwire-4194300-other');
    mkdirSync(other, { mode: 0o700 });
    utimesSync(other, 0, 0);
    chownSync(other, 65_534, 65_534);
    await (await createSocketDirectory(parent)).remove();
    assert.equal(existsSync(other), true);
  });

  test("does not use or remove another user's folder in the place of a removed one", async (t) => {
    const parent = await temporaryFolder(t, 'sockets');
    const { current, remove } = await createSocketDirectory(parent);
    const first = current();
    rmSync(first, { recursive: true });
    mkdirSync(first);
    writeFileSync(join(first, 'gateway'), '');
    chownSync(first, 65_534, 65_534);
    assert.notEqual(current(), first);
    await remove();
    assert.deepEqual(readdirSync(parent), [basename(first)]);
  });
}

test('keeps the folder when its parent can no longer be searched', async (t) => {
  const parent = join(await temporaryFolder(t, 'sockets'), 'parent');
  mkdirSync(parent);
  const { current, remove } = await createSocketDirectory(parent);
  const path = current();
  renameSync(parent, `${parent}-moved`);
  // ELOOP, which even root gets; others get EACCES from a folder without permission to search.
  symlinkSync(parent, parent);
  assert.equal(current(), path);
  rmSync(parent);
  renameSync(`${parent}-moved`, parent);
  assert.equal(current(), path);
  await remove();
  assert.deepEqual(readdirSync(parent), []);
});

test('has an absolute path, since libzmq takes one that begins with @ for an abstract socket', async (t) => {
  const scratch = await temporaryFolder(t, 'sockets');
  const before = process.cwd();
  process.chdir(scratch);
  closeWith(t, () => process.chdir(before));
  mkdirSync('@tmp');
  const { current, remove } = await createSocketDirectory('@tmp');
  closeWith(t, remove);
  assert.equal(dirname(current()), resolve('@tmp'));
});
