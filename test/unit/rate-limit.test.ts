import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { createAddressCounts, trustedProxyTest, unlimitedAddresses } from '../../src/gateway/limits/addresses.ts';
import { clientKey, networkOf } from '../../src/gateway/limits/client-key.ts';
import { createRateLimiter, type RateLimiter } from '../../src/gateway/limits/rate-limit.ts';

test('counts a client up to its limit, and restarts in the next window', () => {
  let now = 0;
  const limiter = createRateLimiter('2/s', () => now) as RateLimiter;
  assert.deepEqual(limiter.count('a'), { requests: 1, resetMs: 1000 });
  now = 400;
  assert.deepEqual(limiter.count('a'), { requests: 2, resetMs: 600 });
  assert.equal(limiter.countAndCheck('b'), undefined);
  const refusal = limiter.countAndCheck('a');
  assert.deepEqual([refusal?.code, refusal?.retryAfter], ['rate_limited', 1]);
  now = 1000;
  assert.deepEqual(limiter.count('a'), { requests: 1, resetMs: 1000 });
});

test('retry_after is in whole seconds, at least one', () => {
  let now = 0;
  const limiter = createRateLimiter('1/min', () => now) as RateLimiter;
  limiter.count('a');
  for (const [at, seconds] of [
    [0, 60],
    [999, 60],
    [1000, 59],
    [59_999, 1],
  ] as const) {
    now = at;
    assert.equal(limiter.countAndCheck('a')?.retryAfter, seconds);
  }
});

test('parses units, and is off without a limit', () => {
  assert.equal(createRateLimiter(''), undefined);
  for (const [limit, requests, windowMs] of [
    ['100/s', 100, 1000],
    ['600/min', 600, 60_000],
    ['5000/h', 5000, 3_600_000],
  ] as const) {
    const limiter = createRateLimiter(limit) as RateLimiter;
    assert.deepEqual([limiter.requests, limiter.windowMs], [requests, windowMs]);
  }
});

test('forgets the least recently seen clients, so a flood of addresses uses bounded memory', () => {
  const limiter = createRateLimiter('1/h') as RateLimiter;
  limiter.count('first');
  for (let client = 0; client < 10_000; client += 1) limiter.count(`c${client}`);
  assert.equal(limiter.count('first').requests, 2);
  for (let client = 0; client < 40_000; client += 1) limiter.count(`d${client}`);
  assert.equal(limiter.count('first').requests, 1);
});

test('identifies a client by its key or its address, for IPv6 by its /64', () => {
  assert.equal(clientKey({ name: 'backend', address: '192.0.2.1' }), 'key backend');
  assert.equal(clientKey({}), undefined);
  assert.notEqual(clientKey({ name: '192.0.2.1' }), clientKey({ address: '192.0.2.1' }));
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:0DB8:1:2::', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    ['::1', '0:0:0:0::'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::'],
    ['1::6:192.0.2.1', '1:0:0:0::'],
  ] as const) {
    assert.equal(networkOf(address), network, address);
  }
});

test('trusted proxies are addresses and ranges, none by default', () => {
  assert.equal(trustedProxyTest([]), undefined);
  const isTrusted = trustedProxyTest(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']) as (address: string) => boolean;
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8:1::1', '192.0.2.1']) assert.ok(isTrusted(address));
  for (const address of ['11.0.0.1', '2001:db9::1', '192.0.2.2', '127.0.0.1', 'unknown', '']) {
    assert.ok(!isTrusted(address), address);
  }
  for (const wrong of ['10.0.0.0/33', '1.2.3', '::/129', '10.0.0.0/']) {
    assert.throws(() => trustedProxyTest([wrong]), {
      message: `Expected IMGWIRE_TRUSTED_PROXIES to hold IP addresses and CIDR ranges, such as 10.0.0.0/8 but received ${wrong}`,
    });
  }
  const isUnlimited = unlimitedAddresses(['10.0.0.0/8']);
  assert.deepEqual(['127.0.0.5', '::1', '10.0.0.1', '11.0.0.1'].map(isUnlimited), [true, true, true, false]);
});

test('counts connections by network, and forgets closed ones', () => {
  const counts = createAddressCounts();
  counts.add('2001:db8::1');
  counts.add('2001:db8::2');
  counts.add('192.0.2.1');
  assert.deepEqual([counts.of('2001:db8::3'), counts.of('192.0.2.1'), counts.of('192.0.2.2')], [2, 1, 0]);
  counts.remove('2001:db8::2');
  counts.remove('192.0.2.1');
  assert.deepEqual([counts.of('2001:db8::3'), counts.of('192.0.2.1')], [1, 0]);
});

test('reports invalid settings by name', () => {
  for (const [name, value] of [
    ['IMGWIRE_RATE_LIMIT', '100'],
    ['IMGWIRE_RATE_LIMIT', '0/s'],
    ['IMGWIRE_RATE_LIMIT', '5/day'],
    ['IMGWIRE_TRUSTED_PROXIES', 'proxy.example.org'],
    ['IMGWIRE_TRUSTED_PROXIES', '10.0.0.0/'],
  ] as const) {
    assert.throws(() => readConfig({ [name]: value }), new RegExp(`for ${name} but received`));
  }
});
