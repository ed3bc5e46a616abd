import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopbackHost } from '../../src/gateway/access/loopback.ts';

test('recognizes loopback hosts', async () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost']) assert.equal(await isLoopbackHost(host), true, host);
  assert.equal(await isLoopbackHost('0.0.0.0'), false);
});

test("rejects hosts that are not this machine's, before any check of who may reach them", async () => {
  const names = ['[::1]', '127.0.0.1:8080', '127.0.0.1 ', ' ', 'http://localhost', 'no-such-host.invalid', 'a..b'];
  // 192.0.2.0/24 is reserved for documentation (RFC 5737).
  for (const host of [...names, '192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1']) {
    await assert.rejects(isLoopbackHost(host), ({ name, message }: Error) => {
      const start = 'Expected an address or host name of this machine, such as 127.0.0.1, ::1 or localhost, for ';
      return name === 'ConfigError' && message.startsWith(`${start}IMGWIRE_HOST but received "${host}": `);
    });
  }
});
