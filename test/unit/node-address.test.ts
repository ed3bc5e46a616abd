import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { curvePublicKey } from '../../src/gateway/access/z85.ts';
import { curveClientOptions, readNodeAddress } from '../../src/gateway/nodes/node-address.ts';

const read = (entry: string) => readNodeAddress('IMGWIRE_PEERS', entry);
const { publicKey, secretKey } = curveKeyPair();

test('derives a public key from its secret key', () => {
  for (let count = 0; count < 50; count += 1) {
    const pair = curveKeyPair();
    assert.equal(curvePublicKey(pair.secretKey), pair.publicKey);
  }
});

test("reads a node's endpoint and optional public key", () => {
  assert.deepEqual(read('tcp://a.example:5556'), { endpoint: 'tcp://a.example:5556', publicKey: undefined });
  assert.deepEqual(read(` ipc:///run/a|${publicKey}`), { endpoint: 'ipc:///run/a', publicKey });
  for (const host of ['a_b-c', '127.0.0.1', 'a.example.', '[::1]', '[fe80::1%eth0]']) {
    assert.equal(read(`tcp://${host}:5556`).endpoint, `tcp://${host}:5556`);
  }
  assert.throws(() => read(`ipc:///${'x'.repeat(107)}`), /at most 107 bytes for IMGWIRE_PEERS/);
  assert.equal(read(`ipc:///${'x'.repeat(106)}`).publicKey, undefined);
  for (const wrong of [
    '',
    'tcp://ü:5556',
    'tcp://::1:5556',
    'tcp://*:5556',
    'tcp://a b:1',
    'tcp://a..b:1',
    'tcp://[a]:1',
    'a:5556',
    'tcp://a',
    'tcp://a:0',
    'tcp://a:65536',
    'http://a:1',
    'tcp://a:1|x|y',
  ]) {
    assert.throws(
      () => read(wrong),
      /^ConfigError: Expected tcp:\/\/HOST:PORT .* for IMGWIRE_PEERS but received/,
      wrong,
    );
  }
  assert.throws(() => read('tcp://a:1|short'), /Expected a public CURVE key .* after tcp:\/\/a:1 in IMGWIRE_PEERS/);
});

test('a client of a node with a key uses its own key pair, or a fresh one', () => {
  const node = read(`tcp://a:1|${curveKeyPair().publicKey}`);
  const own = { curveServerKey: node.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  assert.deepEqual(curveClientOptions(node, secretKey), own);
  assert.notEqual(curveClientOptions(node, '').curvePublicKey, curveClientOptions(node, '').curvePublicKey);
  assert.deepEqual(curveClientOptions(read('tcp://a:1'), secretKey), {});
});
