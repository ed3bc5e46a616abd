import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../helpers/owner.ts';
import { startService } from '../helpers/service.ts';

const run = promisify(execFile);
const config = fileURLToPath(new URL('schemathesis.toml', import.meta.url));
const version = '4.32.5';

const service = await startService({ after });
const folder = await temporaryFolder({ after }, 'schemathesis');

test('the service passes all schemathesis checks against openapi.json', async (t) => {
  await run('/usr/bin/python3', ['-m', 'venv', folder], { timeout: 120_000 });
  const pip = join(folder, 'bin/pip');
  await run(pip, ['--quiet', 'install', `schemathesis==${version}`], { timeout: 300_000 });
  const args = [
    '--config-file',
    config,
    'run',
    `${service.http}/openapi.json`,
    '--checks',
    'all',
    '--max-examples',
    '50',
  ];
  const { stdout } = await run(join(folder, 'bin/schemathesis'), args, { cwd: folder, timeout: 300_000 }).catch(
    (error) => assert.fail(error.stdout || error),
  );
  const [, generated = '0', passed] = /(\d+) generated, (\d+) passed/.exec(stdout) ?? [];
  t.diagnostic(`${generated} requests`);
  assert.ok(Number(generated) > 1000, stdout);
  assert.equal(passed, generated);
});
