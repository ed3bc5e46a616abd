import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { ConfigError, readConfig } from '../../src/config.ts';
import { createDispatcher } from '../../src/gateway/dispatch/dispatcher.ts';
import { startUpstreams } from '../../src/gateway/upstreams/upstreams.ts';

const log = pino({ level: 'silent' });

test('a gateway without workers needs upstreams', () => {
  assert.throws(
    () => readConfig({ IMGWIRE_WORKERS: '0' }),
    new ConfigError('Expected IMGWIRE_WORKERS to be at least 1, as IMGWIRE_UPSTREAMS is empty, but received 0'),
  );
  assert.equal(readConfig({ IMGWIRE_WORKERS: '0', IMGWIRE_UPSTREAMS: 'tcp://a:5555' }).workers, 0);
});

test('an upstream that is no address is refused by the name of the variable', () => {
  const config = readConfig({ IMGWIRE_UPSTREAMS: 'tcp://127.0.0.1:5555,http://a' });
  const dispatcher = createDispatcher({ ...config, log });
  assert.throws(() => startUpstreams({ config, dispatcher, log }), /IMGWIRE_UPSTREAMS but received "http:\/\/a"/);
});
