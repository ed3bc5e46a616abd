import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { photo } from '../helpers/photo.ts';
import { type Service, startService } from '../helpers/service.ts';
import { signatureOf, grantOf as signGrant } from '../helpers/signing.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const picture = await photo(300, 200);
const otherPicture = await photo(310, 200);
const id = sha256(picture);

const signingKey = 'a-signing-key-of-the-tests-0123456789abc';
const server = curveKeyPair();
const clients = { reader: curveKeyPair(), writer: curveKeyPair(), admin: curveKeyPair() };
const keys = { reader: 'iw_key-of-the-reader', writer: 'iw_key-of-the-writer', admin: 'iw_key-of-the-admin' };
const rights = { reader: 'read', writer: 'write', admin: 'admin' };
type Name = keyof typeof keys;
const names = Object.keys(keys) as Name[];
const operationNames = ['upload', 'retrieve', 'resize', 'info', 'list', 'delete', 'ping'];

const apiKeys = names
  .flatMap((name) => [
    `${name}:${rights[name]}:${sha256(keys[name])}`,
    `curve-${name}:${rights[name]}:${clients[name].publicKey}`,
  ])
  .join(',');

const guarded = await startService(
  { after: (close) => test.after(close as () => void) },
  {
    env: {
      IMGWIRE_API_KEYS: apiKeys,
      IMGWIRE_SIGNING_KEYS: signingKey,
      IMGWIRE_CURVE_SECRET_KEY: server.secretKey,
      IMGWIRE_PRESETS: 'card:width=40',
      IMGWIRE_LOG_LEVEL: 'trace',
    },
  },
);

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const asWriter = bearer(keys.writer);

function upload(service: Service, body: Buffer, query = '', headers: Record<string, string> = {}) {
  return fetch(`${service.http}/images${query}`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream', ...headers },
  });
}

function asClient(t: Parameters<typeof connectZmq>[0], name: Name, service = guarded) {
  const { publicKey, secretKey } = clients[name];
  const curve = { curveServerKey: server.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  return connectZmq(t, service.zmq, curve);
}

assert.equal((await upload(guarded, picture, '', asWriter)).status, 201);

interface ApiDocument {
  paths: Record<string, Record<string, unknown>>;
}

const document = JSON.parse(
  readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'),
) as ApiDocument;
const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{image_id}', id)] as const),
);
const undocumented = [
  '/',
  '/docs',
  '/docs/static/index.html',
  '/openapi.json',
  '/asyncapi.json',
  '/metrics',
  '/assets/app.js',
  '/nothing',
];
const requests = [...documented, ...undocumented.map((path) => ['GET', path] as const)];

test('answers only /health and /ready without a key or with a wrong one', async () => {
  assert.ok(requests.length > 15);
  for (const [method, path] of requests) {
    const isFree = path === '/health' || path === '/ready';
    for (const authorization of [
      undefined,
      'Bearer iw_wrong',
      `Basic ${btoa('me:wrong')}`,
      'Digest x',
      'Bearer',
      keys.reader,
    ]) {
      const response = await fetch(guarded.http + path, {
        method,
        redirect: 'manual',
        ...(authorization !== undefined && { headers: { authorization } }),
      });
      const text = await response.text();
      assert.equal(response.status, isFree ? 200 : 401, `${method} ${path} ${authorization}`);
      if (response.status !== 401) continue;
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="imgwire"');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      if (method !== 'HEAD') assert.equal(JSON.parse(text).code, 'unauthorized');
      assert.ok(!text.includes('iw_'));
    }
  }
});

test('makes browsers ask for the key, and accepts it as the password', async () => {
  const refused = await fetch(`${guarded.http}/`, { headers: { accept: 'text/html' } });
  assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="imgwire"');
  assert.match(await refused.text(), /Expected a key/);
  const login = { authorization: `Basic ${btoa(`anybody:${keys.reader}`)}` };
  assert.match(await (await fetch(`${guarded.http}/`, { headers: login })).text(), /<html/);
  assert.equal((await fetch(`${guarded.http}/docs/static/index.html`, { headers: login })).status, 200);
});

/** The right each operation needs, at both doors. */
const needed: Record<string, string> = {
  upload: 'write',
  retrieve: 'read',
  resize: 'read',
  info: 'read',
  list: 'admin',
  delete: 'admin',
};

test('shows metrics only with the right to see them', async (t) => {
  const key = 'iw_key-of-prometheus';
  const service = await startService(t, {
    env: { IMGWIRE_API_KEYS: `${apiKeys},scraper:metrics:${sha256(key)}`, IMGWIRE_CURVE_SECRET_KEY: server.secretKey },
  });
  const status = async (path: string, by: string) => (await fetch(service.http + path, { headers: bearer(by) })).status;
  assert.deepEqual([await status('/metrics', key), await status('/metrics', keys.admin)], [200, 200]);
  assert.deepEqual([await status('/metrics', keys.reader), await status('/images', key)], [403, 403]);
  const text = await (await fetch(`${service.http}/metrics`, { headers: bearer(key) })).text();
  assert.ok(!text.includes('iw_') && !text.includes(sha256(key)) && !text.includes(server.secretKey));
});

test('enforces the right that each route needs', async () => {
  const routes: [method: string, path: string, right: string][] = [
    ['GET', `/images/${id}`, 'read'],
    ['HEAD', `/images/${id}?width=50`, 'read'],
    ['GET', `/images/${id}/info`, 'read'],
    ['POST', `/images/${id}/variants`, 'read'],
    ['POST', '/resize?width=50', 'read'],
    ['POST', '/images', 'write'],
    ['PUT', `/images/${id}`, 'write'],
    ['GET', '/images', 'admin'],
    ['DELETE', `/images/${'00'.repeat(32)}`, 'admin'],
  ];
  for (const [method, path, right] of routes) {
    for (const name of names) {
      const response = await fetch(guarded.http + path, { method, headers: bearer(keys[name]) });
      const text = await response.text();
      const refused = response.status === 403 && (method === 'HEAD' || JSON.parse(text).code === 'forbidden');
      assert.equal(refused, rights[name] !== right, `${method} ${path} as ${name}: ${response.status} ${text}`);
      if (refused && method !== 'HEAD') assert.match(text, new RegExp(`right ${right} but ${name}`));
    }
  }
});

test('enforces the same rights over ZeroMQ by CURVE key', async (t) => {
  const fields: Record<string, object> = {
    upload: { image_data: picture.toString('base64') },
    retrieve: { image_id: id },
    resize: { image_id: id, width: 50 },
    info: { image_id: id },
    delete: { image_id: '00'.repeat(32) },
  };
  for (const name of names) {
    const client = asClient(t, name);
    for (const operation of operationNames) {
      const { json } = await client.call({ operation, ...fields[operation] });
      const isAllowed = operation === 'ping' || needed[operation] === rights[name];
      assert.equal(
        json.code === 'forbidden',
        !isAllowed,
        `${operation} as ${name}: ${JSON.stringify(json).slice(0, 200)}`,
      );
      if (!isAllowed) assert.match(String(json.message), new RegExp(`right ${needed[operation]} but curve-${name}`));
    }
  }
  await guarded.waitForLog(({ client, msg }) => client === 'curve-reader' && msg === 'request answered');
});

test('answers every ZeroMQ message with unauthorized if there are keys but no CURVE', async (t) => {
  const service = await startService(t, {
    env: { IMGWIRE_API_KEYS: `reader:read:${sha256(keys.reader)}`, IMGWIRE_SIGNING_KEYS: signingKey },
  });
  const client = connectZmq(t, service.zmq);
  for (const operation of operationNames) {
    const { json } = await client.call({
      operation,
      ...(['retrieve', 'resize', 'info', 'delete'].includes(operation) && { image_id: id }),
      ...(operation === 'upload' && { image_data: picture.toString('base64') }),
    });
    assert.equal(json.code, 'unauthorized', operation);
  }
});

const seconds = () => Math.floor(Date.now() / 1000);
const signed = (path: string, parameters: Record<string, string>, key = signingKey) =>
  `${path}?${new URLSearchParams({ ...parameters, signature: signatureOf(key, path, parameters) })}`;

test('a signed URL works even with a key that may not read', async () => {
  const url = guarded.http + signed(`/images/${id}`, { width: '60' });
  for (const name of names) assert.equal((await fetch(url, { headers: bearer(keys[name]) })).status, 200, name);
});

test('a signature covers the parameters as written, at both doors', async (t) => {
  const client = asClient(t, 'writer');
  for (const parameters of [
    { w: '20', bg: 'red' },
    { background: 'ff8800', pad: '1,2,3,4' },
    { tint: '#ff0000', width: '30' },
    { crop: '0,0,9,9', f: 'png' },
  ]) {
    const path = `/images/${id}`;
    assert.equal((await fetch(guarded.http + signed(path, parameters))).status, 200);
    const signature = signatureOf(signingKey, path, parameters);
    const inJson = Object.entries(parameters).map(([name, text]) => [name, /^\d+$/.test(text) ? Number(text) : text]);
    const request = { operation: 'resize', image_id: id, ...Object.fromEntries(inJson) };
    const { json } = await client.call({ ...request, signature });
    assert.equal(json.status, 'success', `${JSON.stringify(parameters)}: ${json.message}`);
    assert.equal((await client.call({ ...request, signature, flip: true })).json.code, 'forbidden');
  }
});

test('a signed URL needs no key, and is cached no longer than its signature is valid', async () => {
  const path = `/images/${id}`;
  const get = (url: string, init = {}) => fetch(guarded.http + url, init);
  const made = await get(signed(path, { width: '60', format: 'png' }));
  assert.equal(made.status, 200);
  assert.equal(made.headers.get('cache-control'), 'public, max-age=31536000, immutable');

  const until = await get(signed(path, { width: '60', expires: String(seconds() + 100) }));
  const [, age] = /^public, max-age=(\d+)$/.exec(until.headers.get('cache-control') ?? '') ?? [];
  assert.ok(Number(age) > 90 && Number(age) <= 100, String(until.headers.get('cache-control')));
  const etag = until.headers.get('etag') as string;
  const current = await get(signed(path, { width: '60', expires: String(seconds() + 50) }), {
    headers: { 'if-none-match': etag },
  });
  assert.equal(current.status, 304);
  assert.match(current.headers.get('cache-control') ?? '', /max-age=(50|4\d)$/);

  const withKey = await get(`${path}?width=60`, { headers: bearer(keys.reader) });
  assert.equal(withKey.headers.get('cache-control'), 'private, max-age=31536000, immutable');
  assert.equal(
    (await get(`${path}?preset=card`, { headers: bearer(keys.reader) })).headers.get('cache-control'),
    'private, max-age=300',
  );

  for (const url of [
    signed(path, {}),
    signed(`${path}/info`, {}),
    signed(path, { preset: 'card' }),
    signed(path, { width: '60', download: 'ä b.png' }),
  ]) {
    assert.equal((await get(url)).status, 200, url);
  }
  assert.equal(
    (
      await get(signed('/resize', { width: '60' }), {
        method: 'POST',
        body: new Uint8Array(picture),
        headers: { 'content-type': 'image/jpeg' },
      })
    ).status,
    200,
  );
  const variants = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"variants":[{"width":30}]}',
  };
  assert.equal((await get(signed(`${path}/variants`, {}), variants)).status, 200);
});

test('rejects a signature that does not match, at both doors', async (t) => {
  const path = `/images/${id}`;
  const parameters = { width: '60', format: 'png' };
  const { searchParams } = new URL(signed(path, parameters), guarded.http);
  const signature = searchParams.get('signature') as string;
  const expires = String(seconds() + 60);
  const ended = String(seconds() - 1);
  const over = (fields: Record<string, string>) => signatureOf(signingKey, path, fields);
  const cases: [what: string, path: string, query: Record<string, string>, code?: string][] = [
    ['in another order', path, { format: 'png', signature, width: '60' }],
    ['a tampered parameter', path, { ...parameters, width: '61', signature }, 'forbidden'],
    ['one parameter more', path, { ...parameters, flip: 'true', signature }, 'forbidden'],
    ['one parameter less', path, { width: '60', signature }, 'forbidden'],
    ['another image', `/images/${'00'.repeat(32)}`, { ...parameters, signature }, 'forbidden'],
    ['another path', `${path}/info`, { signature: over({}) }, 'forbidden'],
    [
      'an expired one',
      path,
      { ...parameters, expires: ended, signature: over({ ...parameters, expires: ended }) },
      'forbidden',
    ],
    [
      'a later expiry',
      path,
      { ...parameters, expires: `${expires}0`, signature: over({ ...parameters, expires }) },
      'forbidden',
    ],
    ['a removed expiry', path, { ...parameters, signature: over({ ...parameters, expires }) }, 'forbidden'],
    ['no signature', path, parameters, 'unauthorized'],
    ['an empty one', path, { ...parameters, signature: '' }, 'forbidden'],
    [
      'of another key',
      path,
      { ...parameters, signature: signatureOf(`${signingKey}x`, path, parameters) },
      'forbidden',
    ],
  ];
  // A second service, as CURVE would refuse a connection without a key.
  const open = await startService(t, {
    env: { IMGWIRE_API_KEYS: `writer:write:${sha256(keys.writer)}`, IMGWIRE_SIGNING_KEYS: signingKey },
  });
  assert.equal((await upload(open, picture, '', asWriter)).status, 201);
  const client = connectZmq(t, open.zmq);
  for (const [what, at, query, code] of cases) {
    const response = await fetch(`${guarded.http}${at}?${new URLSearchParams(query)}`);
    const problem = code === undefined ? undefined : ((await response.json()) as { code: string });
    assert.equal(problem?.code, code, what);
    assert.equal(response.status, code === undefined ? 200 : code === 'forbidden' ? 403 : 401, what);

    const { width, expires: end, ...rest } = query;
    const operation = at.endsWith('/info') ? 'info' : 'resize';
    const { json } = await client.call({
      operation,
      image_id: at.split('/')[2],
      ...rest,
      ...(width !== undefined && { width: Number(width) }),
      ...(end !== undefined && { expires: Number(end) }),
      ...(rest.flip !== undefined && { flip: true }),
    });
    assert.equal(json.code, code, `${what}, over ZeroMQ: ${json.message}`);
  }
  const sets = { variants: [{ width: 40 }] };
  const resizeRequest = { operation: 'resize', image_id: id };
  assert.equal(
    (await client.call({ ...resizeRequest, width: 60, format: 'png', signature, ...sets })).json.code,
    'forbidden',
  );
  assert.equal((await client.call({ ...resizeRequest, signature: over({}), ...sets })).json.code, 'forbidden');
  const ofVariants = signatureOf(signingKey, `${path}/variants`, {});
  assert.equal((await client.call({ ...resizeRequest, signature: ofVariants, ...sets })).json.status, 'success');
  const repeated = await fetch(
    `${guarded.http}${path}?width=60&format=png&signature=${signature}&signature=${signature}`,
  );
  assert.equal(repeated.status, 403);
  for (const method of ['DELETE', 'PUT']) {
    assert.equal((await fetch(guarded.http + signed(path, {}), { method })).status, 401, method);
  }
  assert.equal(
    (await client.call({ operation: 'delete', image_id: id, signature: over({}) })).json.code,
    'invalid_request',
  );
  assert.equal(
    (await client.call({ operation: 'retrieve', image_id: id, signature: over({}) })).json.status,
    'success',
  );
  const late = await fetch(guarded.http + signed(path, { width: '60', expires: ended }));
  assert.match(await late.text(), /ends after 20\d\d-.*Z by this server's clock but received 20\d\d-/);
});

test('with signing keys alone, anyone may do anything except transform', async (t) => {
  const service = await startService(t, {
    env: { IMGWIRE_SIGNING_KEYS: signingKey, IMGWIRE_PRESETS: 'card:width=40' },
  });
  assert.equal((await upload(service, picture)).status, 201);
  const status = async (path: string, init = {}) => (await fetch(service.http + path, init)).status;
  const path = `/images/${id}`;
  assert.equal(await status(path), 200);
  assert.equal(await status(`${path}?preset=card`), 200);
  assert.equal(await status(`${path}?preset=card&width=41`), 403);
  assert.equal(await status(`${path}?w=41`), 403);
  assert.equal(await status(`/resize?w=41`, { method: 'POST', body: new Uint8Array(picture) }), 403);
  const variants = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal(await status(`${path}/variants`, variants('{"variants":[{"preset":"card"}]}')), 200);
  assert.equal(await status(`${path}/variants`, variants('{"variants":[{"preset":"card"},{"width":41}]}')), 403);
  assert.equal(await status(`${path}/variants`, variants('{"width":41,"variants":[{"preset":"card"}]}')), 403);
  const file = { 'content-type': 'image/jpeg' };
  assert.equal(await status('/resize', { method: 'POST', headers: file, body: new Uint8Array(picture) }), 403);
  assert.equal(
    await status('/resize?preset=card', { method: 'POST', headers: file, body: new Uint8Array(picture) }),
    200,
  );
  assert.equal(await status(`${path}/variants`, variants('{"variants":[{}]}')), 403);
  const client = connectZmq(t, service.zmq);
  const codeOf = async (request: object) =>
    (await client.call({ operation: 'resize', image_id: id, ...request })).json.code;
  assert.equal(await codeOf({ preset: 'card' }), undefined);
  assert.equal(await codeOf({ width: 41 }), 'forbidden');
  assert.equal(await codeOf({}), 'forbidden');
  assert.equal(await codeOf({ variants: [{}] }), 'forbidden');
  assert.equal(await codeOf({ width: 41, variants: [{ preset: 'card' }] }), 'forbidden');
  assert.equal(await codeOf({ variants: [{ preset: 'card' }] }), undefined);
  assert.equal(await codeOf({ variants: [{ preset: 'card' }, { width: 41 }] }), 'forbidden');
});

test('a grant allows one file, which may be sent again, and no other', async (t) => {
  const grantOf = (fields: object = {}) =>
    signGrant(signingKey, { expires: seconds() + 60, nonce: Math.random().toString(), ...fields });
  const send = async (body: Buffer, grant: string) => {
    const response = await upload(guarded, body, `?grant=${grant}`);
    return { status: response.status, ...((await response.json()) as { code?: string; detail?: string }) };
  };
  const grant = grantOf();
  assert.equal((await send(picture, grant)).detail, undefined);
  assert.equal((await send(picture, grant)).detail, undefined);
  assert.deepEqual(await send(otherPicture, grant).then(({ status, code }) => [status, code]), [403, 'forbidden']);

  const refusals: [what: string, fields: object, code: string][] = [
    ['for another file', { image_id: sha256(otherPicture) }, 'forbidden'],
    ['too large', { max_bytes: picture.length - 1 }, 'too_large'],
    ['another format', { formats: ['png', 'webp'] }, 'unsupported_format'],
    ['expired', { expires: seconds() - 1 }, 'forbidden'],
  ];
  const open = await startService(t, {
    env: { IMGWIRE_API_KEYS: `reader:read:${sha256(keys.reader)}`, IMGWIRE_SIGNING_KEYS: signingKey },
  });
  const client = connectZmq(t, open.zmq);
  const call = async (fields: object, ...frames: Buffer[]) =>
    (await client.call({ operation: 'upload', ...fields }, ...frames)).json;
  for (const [what, fields, code] of refusals) {
    assert.equal((await send(picture, grantOf(fields))).code, code, what);
    assert.equal((await call({ grant: grantOf(fields) }, picture)).code, code, what);
    assert.equal((await call({ grant: grantOf(fields), image_data: picture.toString('base64') })).code, code, what);
  }
  const fitting = { image_id: id, max_bytes: picture.length, formats: ['jpeg'] };
  assert.equal((await send(picture, grantOf(fitting))).detail, undefined);
  assert.equal((await call({ grant: grantOf(fitting) }, picture)).status, 'success');
  assert.equal((await call({ grant: `${grantOf(fitting)}x` }, picture)).code, 'forbidden');
  assert.equal((await call({}, picture)).code, 'unauthorized');

  const put = (body: Buffer, at: string, fields: object) =>
    fetch(`${guarded.http}/images/${at}?grant=${grantOf(fields)}`, { method: 'PUT', body: new Uint8Array(body) });
  assert.ok((await put(picture, id, fitting)).ok);
  assert.equal((await put(otherPicture, sha256(otherPicture), fitting)).status, 413);
  assert.equal((await put(otherPicture, sha256(otherPicture), { image_id: id })).status, 403);
  const stored = await fetch(`${guarded.http}/images/${sha256(otherPicture)}`, { headers: bearer(keys.reader) });
  assert.equal(stored.status, 404);
  // A failed upload does not use up its grant.
  const again = grantOf();
  assert.equal((await send(Buffer.from('no image'), again)).code, 'unsupported_format');
  assert.equal((await send(picture, again)).detail, undefined);
  // A grant gives no other rights.
  assert.equal((await fetch(`${guarded.http}/images?grant=${grantOf()}`)).status, 401);
});

test('rejects one of two concurrent uploads with one grant, which a disconnecting client does not free', async () => {
  const expires = seconds() + 60;
  const grant = signGrant(signingKey, { expires, nonce: 'two' });
  const both = await Promise.all([picture, otherPicture].map((body) => upload(guarded, body, `?grant=${grant}`)));
  const statuses = both.map(({ status }) => (status < 300 ? 'stored' : status));
  assert.deepEqual(statuses.sort(), [403, 'stored']);

  const abandoned = signGrant(signingKey, { expires, nonce: 'left' });
  const gone = new AbortController();
  const headers = { 'content-type': 'image/jpeg', 'x-request-id': 'left' };
  const body = new Uint8Array(picture);
  const sent = fetch(`${guarded.http}/images?grant=${abandoned}`, {
    method: 'POST',
    body,
    headers,
    signal: gone.signal,
  });
  await guarded.waitForLog(({ msg, request_id }) => msg === 'started' && request_id === 'left');
  gone.abort();
  await sent.catch(() => {});
  assert.equal((await upload(guarded, otherPicture, `?grant=${abandoned}`)).status, 403);
  assert.equal((await upload(guarded, picture, `?grant=${abandoned}`)).status, 200);
});

test('a grant stays bound to the file stored with it when another request with it fails', async () => {
  const otherId = sha256(otherPicture);
  for (let round = 0; round < 10; round += 1) {
    const grant = signGrant(signingKey, { expires: seconds() + 60, nonce: `round-${round}` });
    const [wrong, right] = await Promise.all([
      fetch(`${guarded.http}/images/${otherId}?grant=${grant}`, { method: 'PUT', body: new Uint8Array(picture) }),
      upload(guarded, picture, `?grant=${grant}`),
    ]);
    assert.ok(wrong.status >= 400 && right.ok);
    assert.equal((await upload(guarded, otherPicture, `?grant=${grant}`)).status, 403);
  }
});

test('secrets reach neither the log nor the workers', async () => {
  const secrets = [...Object.values(keys), signingKey, server.secretKey, ...Object.values(keys).map(sha256)];
  const grant = signGrant(signingKey, { expires: seconds() + 60, nonce: 'logged' });
  await upload(guarded, picture, `?grant=${grant}`);
  for (const name of Object.keys(keys) as (keyof typeof keys)[])
    await fetch(`${guarded.http}/images/${id}?width=9`, { headers: bearer(keys[name]) });
  const text = JSON.stringify(guarded.logs);
  assert.ok(guarded.logs.length > 10);
  for (const secret of secrets) assert.ok(!text.includes(secret), secret);
  assert.doesNotMatch(text, /signature=|grant=|Bearer/);
  const pid = guarded.child.pid as number;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  assert.ok(children.length > 0);
  for (const child of children) {
    const environment = await readFile(`/proc/${child}/environ`, 'utf8');
    for (const secret of secrets) assert.ok(!environment.includes(secret), secret);
  }
});
