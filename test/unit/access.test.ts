import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { ConfigError } from '../../src/config.ts';
import { RequestError } from '../../src/contract/errors.ts';
import { createAccess, isOriginal } from '../../src/gateway/access/access.ts';
import { type Caller, readApiKeys } from '../../src/gateway/access/api-keys.ts';
import { checkCurveKeys } from '../../src/gateway/access/curve.ts';
import { readSigningKeys } from '../../src/gateway/access/signing-keys.ts';
import { grantOf, signatureOf } from '../helpers/signing.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const signingKeys = ['first-signing-key-of-forty-characters-00', 'other-signing-key-of-forty-characters-00'];
const [firstKey = '', otherKey = ''] = signingKeys;
const now = () => Math.floor(Date.now() / 1000);

test('rejects malformed API keys by entry, without showing the key', () => {
  const key = sha256('secret');
  const mistakes: [text: string, message: RegExp][] = [
    ['backend', /no valid name|unknown right/],
    ['backend:read', /an invalid key for backend/],
    ['back end:read:x', /no valid name.*entry 1/],
    [`a:read:${key},b:raed:${key}`, /the unknown right "raed" for b in entry 2/],
    [`a:read:${key},a:read:${key}`, /the name a again in entry 2/],
    ['backend:read:iw_plainTextSecret', /an invalid key for backend/],
    ['anyone:read+write:*', /rights beyond read without a key/],
    [`a:read:${key},`, /entry 2/],
    ['backend:iw_plainTextSecret', /an unknown right for backend/],
  ];
  for (const [text, message] of mistakes) {
    assert.throws(
      () => readApiKeys(text),
      (error: Error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('plainTextSecret') && !error.message.includes(key));
        return true;
      },
    );
  }
});

test('rejects a key listed under two names, and reports both names', () => {
  const key = sha256('secret');
  const { publicKey } = curveKeyPair();
  const mistakes: [text: string, clientKeys: string[], message: RegExp][] = [
    [`a:read:${key},b:admin:${key.toUpperCase()}`, [], /IMGWIRE_API_KEYS.* the key of a again for b in entry 2$/],
    [`a:read:${publicKey},b:admin:${publicKey}`, [], /IMGWIRE_API_KEYS.* the key of a again for b in entry 2$/],
    ['a:read:*,b:read:*', [], /IMGWIRE_API_KEYS.* the key of a again for b in entry 2$/],
    [`a:read:${publicKey}`, [publicKey], /IMGWIRE_CURVE_CLIENT_KEYS.* the key of a again for entry 1$/],
    ['', [publicKey, publicKey], /IMGWIRE_CURVE_CLIENT_KEYS.* the key of entry 1 again for entry 2$/],
  ];
  for (const [text, clientKeys, message] of mistakes) {
    assert.throws(
      () => readApiKeys(text, clientKeys),
      (error: Error) =>
        error instanceof ConfigError &&
        message.test(error.message) &&
        !error.message.toLowerCase().includes(key) &&
        !error.message.includes(publicKey),
      text,
    );
  }
  assert.throws(
    () => readSigningKeys(`${firstKey},${otherKey},${firstKey}`),
    (error: Error) => error instanceof ConfigError && /entry 1 again as entry 3$/.test(error.message),
  );
});

test('identifies callers by API key and CURVE key, and rejects unknown keys', () => {
  const pair = curveKeyPair();
  const unnamed = curveKeyPair();
  const keys = readApiKeys(`backend:read+write:${sha256('secret')}, ops:admin:${pair.publicKey}`, [unnamed.publicKey]);
  assert.deepEqual(keys.ofKey('secret'), { name: 'backend', rights: new Set(['read', 'write']) });
  for (const wrong of ['', 'secre', 'secrets', sha256('secret')]) assert.equal(keys.ofKey(wrong), undefined);
  const [curveKey, otherCurveKey] = [...keys.curveKeys];
  assert.deepEqual(keys.ofCurveKey(curveKey as string), { name: 'ops', rights: new Set(['admin']) });
  assert.deepEqual(keys.ofCurveKey(otherCurveKey as string)?.rights, new Set(['read', 'write', 'admin', 'metrics']));
  assert.equal(keys.ofCurveKey('00'.repeat(32)), undefined);
  assert.deepEqual(keys.anyone.rights, new Set());
  assert.deepEqual(readApiKeys('').anyone.rights, new Set(['read', 'write', 'admin', 'metrics']));
});

test('requires the CURVE secret key and client keys together', () => {
  const { publicKey, secretKey } = curveKeyPair();
  assert.equal(checkCurveKeys('', readApiKeys('')), false);
  assert.equal(checkCurveKeys(secretKey, readApiKeys('', [publicKey])), true);
  assert.equal(checkCurveKeys(secretKey, readApiKeys(`a:read:${publicKey}`)), true);
  assert.throws(() => checkCurveKeys(secretKey, readApiKeys('')), /IMGWIRE_CURVE_CLIENT_KEYS/);
  assert.throws(() => checkCurveKeys('', readApiKeys('', [publicKey])), /IMGWIRE_CURVE_SECRET_KEY/);
  assert.throws(() => checkCurveKeys("'".repeat(40), readApiKeys('', [publicKey])), /IMGWIRE_CURVE_SECRET_KEY.*Z85/);
  // Overflows the last group.
  assert.throws(() => readApiKeys('', ['#'.repeat(40)]), /IMGWIRE_CURVE_CLIENT_KEYS.*Z85/);
});

test('rejects short signing keys without showing them', () => {
  assert.throws(
    () => readSigningKeys('short-secret'),
    (error: Error) => error instanceof ConfigError && !error.message.includes('short-secret'),
  );
});

const forbidden = (parameter: string) => (error: unknown) =>
  error instanceof RequestError && error.code === 'forbidden' && error.parameter === parameter;

test('accepts a signature by any key, for its path and parameters in any order, until it expires', () => {
  const access = createAccess({ apiKeys: '', signingKeys: signingKeys.join(', '), curveClientKeys: [] });
  const caller = access.keys.anyone;
  const path = `/images/${'ab'.repeat(32)}`;
  const permit = (parameters: Record<string, unknown>, at = path) =>
    access.permit(caller, { right: 'read', path: at, transformations: [], parameters });
  const signed = (parameters: Record<string, unknown>, key = firstKey) => ({
    ...parameters,
    signature: signatureOf(key, path, parameters),
  });

  const expires = now() + 60;
  assert.equal(permit(signed({ width: '720', format: 'webp', expires })).expires, expires);
  assert.equal(permit(signed({ width: '720' }, otherKey)).expires, undefined);
  const { signature } = signed({ width: '720', format: 'webp' });
  permit({ format: 'webp', signature, width: '720' });
  // Typed, as in JSON.
  permit({ width: 720, format: 'webp', signature });
  // Some languages pad base64url.
  permit({ width: 720, format: 'webp', signature: `${signature}=` });

  const tampered: Record<string, unknown>[] = [
    { width: '721', format: 'webp', signature },
    { width: '720', signature },
    { width: '720', format: 'webp', quality: '1', signature },
    { width: '720\nformat=webp', signature },
    { width: '720', format: 'webp', signature: signature.slice(1) },
    { width: '720', format: 'webp', signature: '' },
    { width: '720', format: 'webp', signature: [signature, signature] },
    signed({ width: '720', format: 'webp' }, 'a-key-that-the-server-does-not-have-0000'),
    { ...signed({ width: '720', expires }), expires: expires + 1 },
    { width: '720', signature: signed({ width: '720', expires }).signature },
  ];
  for (const parameters of tampered) assert.throws(() => permit(parameters), forbidden('signature'));
  assert.throws(() => permit(signed({ width: '720' }), `/images/${'cd'.repeat(32)}`), forbidden('signature'));
  for (const past of [now(), now() - 1, 0, 'soon', '1e3', -1]) {
    assert.throws(() => permit(signed({ width: '720', expires: past })), forbidden('expires'));
  }
  assert.throws(() => permit(signed({ expires: now() - 5 })), /this server.s clock but received \d{4}-/);
});

test('a transformation needs a signature, a key or a preset once signing keys are set', () => {
  const access = createAccess({
    apiKeys: `backend:read:${sha256('secret')},uploader:write:${sha256('upload')},anyone:read:*`,
    signingKeys: firstKey,
    curveClientKeys: [],
  });
  const anyone = access.callerOf(undefined);
  const uploader = access.callerOf('upload');
  const read = { right: 'read', path: '/images/x' } as const;
  const readBy = (caller: Caller, parameters: object, transformations = [parameters]) =>
    access.permit(caller, { ...read, transformations, parameters: { ...parameters } });
  for (const parameters of [{}, { preset: 'card' }, { preset: 'card', download: 'a.jpg' }, { download: 'a.jpg' }]) {
    for (const caller of [anyone, uploader])
      assert.equal(readBy(caller, parameters, isOriginal(parameters) ? [] : [parameters]).isPrivate, false);
  }
  for (const parameters of [{ width: '1' }, { w: '1' }, { preset: 'card', width: '1' }, { watermark: 'x' }]) {
    for (const caller of [anyone, uploader]) assert.throws(() => readBy(caller, parameters), forbidden('signature'));
  }
  assert.throws(() => access.permit(uploader, { ...read, right: 'admin', transformations: [], parameters: {} }), {
    code: 'forbidden',
  });
  const permission = readBy(anyone, {}, []);
  access.checkTransformations(permission, [{ preset: 'card' }]);
  assert.throws(() => access.checkTransformations(permission, [{}]), forbidden('signature'));
  assert.throws(() => readBy(anyone, {}), forbidden('signature'));
  assert.throws(
    () => access.checkTransformations(permission, [{ preset: 'card' }, { width: 1 }]),
    forbidden('signature'),
  );
  assert.equal(readBy(access.callerOf('secret'), { width: '1' }).isPrivate, true);
  const write = { ...read, right: 'write', transformations: [], parameters: {} } as const;
  assert.throws(() => access.permit(anyone, write), { code: 'unauthorized' });
  assert.throws(() => access.callerOf('secrets'), { code: 'unauthorized' });
});

test('accepts an upload grant with known fields and a valid signature only', () => {
  const access = createAccess({
    apiKeys: `backend:read:${sha256('secret')}`,
    signingKeys: firstKey,
    curveClientKeys: [],
  });
  const permit = (grant: unknown) =>
    access.permit(access.keys.anyone, {
      right: 'write',
      path: '/images',
      transformations: [],
      parameters: { grant },
    }).grant;
  const grant = { expires: now() + 60, max_bytes: 1000, formats: ['png' as const], image_id: 'ab'.repeat(32) };
  const { token, ...read } = permit(grantOf(firstKey, grant)) ?? {};
  assert.deepEqual(read, grant);
  assert.ok(token);
  const [payload, signature] = grantOf(firstKey, grant).split('.');
  const more = Buffer.from(JSON.stringify({ ...grant, max_bytes: 2000 })).toString('base64url');
  const wrong = [
    `${more}.${signature}`,
    `${payload}.`,
    `${payload}`,
    '',
    `${payload}.${signature}.x`,
    grantOf(otherKey, grant),
    grantOf(firstKey, { ...grant, expires: now() }),
    grantOf(firstKey, { max_bytes: 1 }),
    grantOf(firstKey, { ...grant, max_byte: 1 }),
    grantOf(firstKey, { ...grant, formats: ['bmp'] }),
    // A URL signature is not valid for a grant.
    `${payload}.${signatureOf(firstKey, '/images', {})}`,
    [grantOf(firstKey, grant), grantOf(firstKey, grant)],
  ];
  for (const one of wrong) assert.throws(() => permit(one), forbidden('grant'));
});
