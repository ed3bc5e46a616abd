import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveKeyPair } from 'zeromq';
import { ConfigError, readConfig } from '../../src/config.ts';
import { readUpstreams } from '../../src/gateway/nodes/node-addresses.ts';

test('rejects a gateway without workers or upstreams', () => {
  assert.throws(
    () => readConfig({ IMGWIRE_WORKERS: '0' }),
    new ConfigError('Expected IMGWIRE_WORKERS to be at least 1, as IMGWIRE_UPSTREAMS is empty, but received 0'),
  );
  assert.equal(readConfig({ IMGWIRE_WORKERS: '0', IMGWIRE_UPSTREAMS: 'tcp://a:5555' }).workers, 0);
});

test('rejects an invalid or repeated upstream, and names the variable', () => {
  const read = (upstreams: string) => readUpstreams(readConfig({ IMGWIRE_UPSTREAMS: upstreams }));
  assert.throws(() => read('tcp://127.0.0.1:5555,http://a'), /IMGWIRE_UPSTREAMS but received "http:\/\/a"/);
  assert.throws(
    () => read(`tcp://a:1,tcp://b:1,tcp://a:1|${curveKeyPair().publicKey}`),
    new ConfigError('Expected each endpoint once in IMGWIRE_UPSTREAMS but received tcp://a:1 twice'),
  );
});
