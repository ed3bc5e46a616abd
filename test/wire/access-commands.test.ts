import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { command } from '../helpers/command.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const picture = await photo(200, 100);
const id = createHash('sha256').update(picture).digest('hex');

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: Record<string, string> = {}): Promise<Result> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('IMGWIRE_')));
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env: { ...clean, ...env } }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Parses the lines `NAME=value` and `Name: value` of a command's output. */
async function outputOf(...args: string[]): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await run(args);
  assert.equal(code, 0, stderr);
  return Object.fromEntries(
    [...stdout.matchAll(/^([\w]+)(?:=|: )'?(.*?)'?$/gm)].map(([, name, value]) => [name, value]),
  );
}

test('the output of keygen, sign and grant works unchanged', async (t) => {
  const api = await outputOf('keygen', 'api', 'backend');
  const curve = await outputOf('keygen', 'curve', 'renderer', '--rights', 'read');
  const { IMGWIRE_SIGNING_KEYS: signingKey = '' } = await outputOf('keygen', 'signing');
  const { http, zmq } = await startService(t, {
    env: {
      IMGWIRE_API_KEYS: `${api.IMGWIRE_API_KEYS},${curve.IMGWIRE_API_KEYS}`,
      IMGWIRE_CURVE_SECRET_KEY: curve.IMGWIRE_CURVE_SECRET_KEY as string,
      IMGWIRE_SIGNING_KEYS: signingKey,
    },
  });
  const { stdout: grant } = await run(
    ['grant', '--expires', '15m', '--max-bytes', '50000', '--formats', 'jpeg,png', '--image-id', id],
    { IMGWIRE_SIGNING_KEYS: signingKey },
  );
  const upload = await fetch(`${http}/images?grant=${grant.trim()}`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  });
  assert.equal(upload.status, 201);

  const authorization = api.Authorization as string;
  assert.equal((await fetch(`${http}/images/${id}`, { headers: { authorization } })).status, 200);
  for (const url of [`/images/${id}?width=50&format=png`, `${http}/images/${id}?width=51&download=a%20b.jpg`]) {
    const { stdout } = await run(['sign', url, '--expires', '2h'], {
      IMGWIRE_SIGNING_KEYS: `${signingKey},${'x'.repeat(32)}`,
    });
    assert.equal((await fetch(new URL(stdout.trim(), http))).status, 200, stdout);
  }
  const client = connectZmq(t, zmq, {
    curveServerKey: curve.CURVE_SERVERKEY as string,
    curvePublicKey: curve.CURVE_PUBLICKEY as string,
    curveSecretKey: curve.CURVE_SECRETKEY as string,
  });
  assert.equal((await client.call({ operation: 'info', image_id: id })).json.width, 200);
  assert.equal((await client.call({ operation: 'list' })).json.code, 'forbidden');
});

test('keygen creates a new key each time', async () => {
  for (const args of [['api', 'a'], ['curve', 'a'], ['signing']]) {
    const [one, other] = await Promise.all([outputOf('keygen', ...args), outputOf('keygen', ...args)]);
    assert.notDeepEqual(one, other);
  }
});

test('reports wrong usage without showing keys', async () => {
  const signingKey = 'a-signing-key-of-the-tests-0123456789abc';
  const keys = { IMGWIRE_SIGNING_KEYS: signingKey };
  type Mistake = [args: string[], env: Record<string, string>, message: RegExp];
  /** Invalid times, or times that the service does not accept. */
  const expired: [text: string, message: RegExp][] = [
    ['0s', /a time in the future for --expires but received 0s, which is past$/m],
    ['999999999999d', /at most 999999999999 seconds since 1970 for --expires but received 999999999999d/],
    ['999999999999s', /at most 999999999999 seconds since 1970 for --expires/],
    ...['', ' ', '1e3', 'NaN', '9'.repeat(13)].map((text): [string, RegExp] => [text, /90s, 15m, 2h, 30d or seconds/]),
  ];
  const mistakes: Mistake[] = [
    [['keygen'], {}, /Expected imgwire keygen api NAME/],
    [['keygen', 'rsa', 'a'], {}, /keygen rsa a/],
    [['keygen', 'api'], {}, /NAME/],
    [['keygen', 'api', 'a b'], {}, /no valid name/],
    [['keygen', 'api', 'a', '--rights', 'all'], {}, /unknown right "all"/],
    [['keygen', 'signing', 'a'], {}, /keygen signing/],
    [['sign', `/images/${id}`], {}, /IMGWIRE_SIGNING_KEYS.*keygen signing/],
    [['sign', `/images/${id}`], { IMGWIRE_SIGNING_KEYS: 'too-short' }, /at least 32 characters/],
    [['sign'], keys, /imgwire sign/],
    [['sign', '/docs'], keys, /\/images\/… or \/resize/],
    [['sign', `/images/${id}?w=1&w=2`], keys, /each parameter once/],
    [['sign', `/images/${id}`, '--expires', 'soon'], keys, /--expires but received soon/],
    [['sign', `/images/${id}`, '--expires', '3600'], keys, /did you mean 3600s/],
    [['grant'], keys, /--expires/],
    [['grant', '--expires', '1h', '--formats', 'bmp'], keys, /imgwire grant/],
    [['grant', '--expires', '1h', '--max-bytes', '-1'], keys, /imgwire grant|max-bytes/],
    [['keygen', 'api', 'a:read:*,b'], {}, /colon or comma/],
    [['keygen', 'curve', 'a', '--rights', 'read:*,b:read'], {}, /colon or comma/],
    [['keygen', 'api', 'a', '--rights', ''], {}, /an unknown right/],
    [['keygen', 'signing', '--rights', 'read'], {}, /keygen signing --rights read/],
    [['keygen', 'signing', ''], {}, /Expected imgwire keygen api NAME/],
    ...expired.flatMap(([text, message]) => [
      [['sign', `/images/${id}`, '--expires', text], keys, message] as Mistake,
      [['grant', '--expires', text], keys, message] as Mistake,
    ]),
    ...['NaN', '2h', '', '1', '1000000000000'].map(
      (end) => [['sign', `/images/${id}?expires=${end}`], keys, /^imgwire: Expected .* for expires/] as Mistake,
    ),
    ...[' x', `${id}#part`, `${id}?w=1?h=2`].map(
      (path) => [['sign', `/images/${path}`], keys, /%20, %23 and %3F/] as Mistake,
    ),
    ...['', ' ', '0', '1e3', '0x10', '1.5', '9'.repeat(20), 'NaN', 'Infinity'].map(
      (bytes) => [['grant', '--expires', '1h', '--max-bytes', bytes], keys, /bytes as an integer/] as Mistake,
    ),
    ...['', ','].map(
      (formats) => [['grant', '--expires', '1h', '--formats', formats], keys, /imgwire grant/] as Mistake,
    ),
    ...['', 'A'.repeat(64)].map(
      (name) => [['grant', '--expires', '1h', '--image-id', name], keys, /imgwire grant/] as Mistake,
    ),
    [['serve'], { IMGWIRE_API_KEYS: 'a:read:iw_plainTextSecret' }, /an invalid key for a/],
    [['serve'], { IMGWIRE_SIGNING_KEYS: 'too-short-secret' }, /IMGWIRE_SIGNING_KEYS/],
    [['serve'], { IMGWIRE_CURVE_SECRET_KEY: 'too-short-secret' }, /IMGWIRE_CURVE/],
    [['serve'], { IMGWIRE_HOST: '0.0.0.0' }, /IMGWIRE_API_KEYS.*IMGWIRE_HOST.*0\.0\.0\.0.*keygen/],
    [['serve'], { IMGWIRE_HOST: '::' }, /IMGWIRE_HOST/],
  ];
  const shown = [signingKey, 'too-short', 'plainTextSecret'];
  for (const [args, env, message] of mistakes) {
    const { code, stdout, stderr } = await run(args, env);
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, message);
    assert.ok(!shown.some((secret) => (stdout + stderr).includes(secret)), stderr);
  }
});
