import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { createPurgeRequestBuilder } from '../../src/gateway/purge/purge-request.ts';
import { createPurger } from '../../src/gateway/purge/purger.ts';
import { closeWith } from '../helpers/owner.ts';

/** A purger, and the ids purged at its cache, in order. */
async function open(t: TestContext, repeatAfterMs: number) {
  const purged: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    purged.push(url.slice(1));
    response.end();
    server.emit('purged');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWith(t, () => server.close());
  const { port } = server.address() as AddressInfo;
  const buildRequest = createPurgeRequestBuilder(`PURGE http://127.0.0.1:${port}/{image_id}`, '');
  assert.ok(buildRequest);
  const purger = createPurger({ buildRequest, repeatAfterMs, log: pino({ level: 'silent' }) });
  return { purged, purger, next: () => once(server, 'purged') };
}

test('purges a deletion a second time, once other nodes know of it', async (t) => {
  const { purged, purger, next } = await open(t, 100);
  const first = next();
  purger.purge('a');
  await first;
  await next();
  assert.deepEqual(purged, ['a', 'a']);
  await purger.close();
  assert.deepEqual(purged, ['a', 'a']);
});

test('sends pending second purges on shutdown', async (t) => {
  const { purged, purger, next } = await open(t, 3_600_000);
  const first = next();
  purger.purge('a');
  await first;
  assert.equal(purger.stats().waiting > 0, true);
  await purger.close();
  assert.deepEqual(purged, ['a', 'a']);
  assert.equal(purger.stats().done, 2);
});
