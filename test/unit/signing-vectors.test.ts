import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { signUrl, uploadGrant } from '../../src/client/sign.ts';
import { signedText } from '../../src/contract/signing.ts';
import { verifyGrant, verifyUrl } from '../../src/gateway/access/signing-keys.ts';
import { signatureOf } from '../helpers/signing.ts';

interface Vector {
  path: string;
  parameters: Record<string, string>;
  text: string;
  signature: string;
}

const file = new URL('../../docs/signing-vectors.json', import.meta.url);
const { key, vectors } = JSON.parse(readFileSync(file, 'utf8')) as { key: string; vectors: Vector[] };

test('the service and the client reproduce the signing vectors', async () => {
  assert.ok(vectors.length > 5);
  for (const { path, parameters, text, signature } of vectors) {
    assert.equal(signedText(path, parameters), text);
    assert.equal(signatureOf(key, path, parameters), signature);
    verifyUrl([key], path, { ...parameters, signature });
    const query = Object.keys(parameters).length > 0 ? `?${new URLSearchParams(parameters)}` : '';
    const { expires, ...rest } = parameters;
    const signed = new URL(await signUrl(`https://example.org/media${path}${query}`, { key }));
    assert.equal(signed.searchParams.get('signature'), signature);
    assert.deepEqual(Object.fromEntries(signed.searchParams), { ...parameters, signature });
    if (expires === undefined) continue;
    const until = await signUrl(`${path}?${new URLSearchParams(rest)}`, {
      key,
      expires: new Date(Number(expires) * 1000),
    });
    assert.equal(new URLSearchParams(until.split('?')[1]).get('signature'), signature);
  }
});

test('the client signs the path of the service without a prefix', async () => {
  for (const path of ['/images/x', '/images/x/info', '/images/x/variants', '/resize']) {
    for (const prefix of ['', 'https://example.org', 'https://example.org/images', '/images/media', '/resize']) {
      const signed = await signUrl(prefix + path, { key });
      assert.equal(signed, `${prefix}${path}?signature=${signatureOf(key, path, {})}`);
    }
  }
});

test('the client rejects what cannot be signed', async () => {
  await assert.rejects(signUrl('/docs?a=1', { key }), TypeError);
  await assert.rejects(signUrl('/images/x/y', { key }), TypeError);
  await assert.rejects(signUrl('/images/x?width=1&width=2', { key }), TypeError);
  await assert.rejects(signUrl('/images/x?width=1#top', { key }), TypeError);
  const expires = new Date(Number.NaN);
  await assert.rejects(signUrl('/images/x', { key, expires }), RangeError);
  await assert.rejects(uploadGrant({ key, expires }), RangeError);
});

test('the client signs everything after the first question mark, like the service', async () => {
  const signed = new URL(await signUrl('https://example.org/images/x?preset=a?b&width=1', { key }));
  const { signature = '', ...parameters } = Object.fromEntries(signed.searchParams);
  assert.deepEqual(parameters, { preset: 'a?b', width: '1' });
  assert.equal(signatureOf(key, '/images/x', parameters), signature);
});

test("the service accepts the client's grants with all their limits", async () => {
  const expires = new Date(Date.now() + 60_000);
  const imageId = 'ab'.repeat(32);
  const { nonce, token, ...grant } = verifyGrant(
    [key],
    await uploadGrant({ key, expires, maxBytes: 1000, formats: ['jpeg'], imageId }),
  );
  const seconds = Math.floor(expires.getTime() / 1000);
  assert.deepEqual(grant, { expires: seconds, max_bytes: 1000, formats: ['jpeg'], image_id: imageId });
  assert.ok(nonce && token);
  assert.notEqual(await uploadGrant({ key, expires }), await uploadGrant({ key, expires }));
});
