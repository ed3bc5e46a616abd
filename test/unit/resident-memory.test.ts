import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('returns the last value while no file can be opened', () => {
  const program = `
    import { openSync } from 'node:fs';
    import { residentBytes } from '${new URL('../../src/resident-memory.ts', import.meta.url)}';
    let error;
    while (error === undefined) try { openSync('/dev/null'); } catch (thrown) { error = thrown; }
    const first = residentBytes();
    console.log(error.code, first > 0, residentBytes() === first);`;
  const node = `ulimit -n 200; exec "$0" "$@"`;
  const args = ['-c', node, process.execPath, '--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  assert.equal(stdout, 'EMFILE true true\n', stderr);
});

test('returns 0 where no file can be opened from the start, as without /proc', () => {
  const program = `
    process.memoryUsage.rss = () => { throw new Error('ENOENT'); };
    const { residentBytes } = await import('${new URL('../../src/resident-memory.ts', import.meta.url)}');
    console.log(residentBytes());`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(stdout, '0\n', stderr);
});
