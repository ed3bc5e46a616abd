import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { readPeers } from '../../src/gateway/nodes/node-addresses.ts';

const [own, other] = [curveKeyPair(), curveKeyPair()];
const a = 'tcp://a:5556';
const b = 'tcp://b:5556';

const read = (peers: string, curveSecretKey = '', peerEndpoint = a) =>
  readPeers({ peers: peers.split(','), peerEndpoint, curveSecretKey }).map(({ endpoint }) => endpoint);

test('accepts peers with CURVE, with one key pair or several, and without', () => {
  assert.deepEqual(read(`${a},${b}`), [a, b]);
  assert.deepEqual(read(`${a}|${own.publicKey},${b}|${other.publicKey}`, own.secretKey), [a, b]);
  assert.deepEqual(read(`${a}|${own.publicKey},${b}|${own.publicKey}`, own.secretKey, 'tcp://0.0.0.0:5556'), [a, b]);
  // Publishes nothing itself, and subscribes to a node without CURVE.
  assert.deepEqual(read(b, own.secretKey, ''), [b]);
});

test('rejects peers that could not hear each other, without showing a key', () => {
  for (const [peers, secretKey, message] of [
    [`${a},${b}`, own.secretKey, /^Expected tcp:\/\/a:5556\|PUBLIC_KEY in IMGWIRE_PEERS/],
    [`${a}|${own.publicKey},${b}`, own.secretKey, /^Expected tcp:\/\/b:5556\|PUBLIC_KEY in IMGWIRE_PEERS/],
    [`${a},${b}|${other.publicKey}`, '', /^Expected IMGWIRE_CURVE_SECRET_KEY with the key of tcp:\/\/b:5556/],
    [`${a},${b},${a}`, '', /^Expected each endpoint once in IMGWIRE_PEERS but received tcp:\/\/a:5556 twice/],
    [`${a}|${other.publicKey}`, own.secretKey, /public key of IMGWIRE_CURVE_SECRET_KEY after tcp:\/\/a:5556/],
  ] as const) {
    assert.throws(
      () => read(peers, secretKey),
      ({ name, message: text }: Error) =>
        name === 'ConfigError' &&
        message.test(text) &&
        !text.includes(own.publicKey) &&
        !text.includes(other.publicKey),
      peers,
    );
  }
});
