import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { startService } from '../helpers/service.ts';

const dockerfile = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
const [, words = ''] = /^HEALTHCHECK[^[]*(\[.*\])$/m.exec(dockerfile) ?? [];
const [program, ...args] = JSON.parse(words) as [string, ...string[]];

/** Runs the container's HEALTHCHECK and returns its exit code. */
const check = (env: Record<string, string>): Promise<number> =>
  new Promise((resolve) => {
    execFile(program, args, { env: { PATH: process.env.PATH, ...env } }, (error) => resolve(Number(error?.code ?? 0)));
  });

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const hasName = await lookup(hostname()).catch(() => undefined);
const names = ['localhost', ...(hasName ? [hostname()] : [])];
const hosts = ['127.0.0.1', '127.0.0.2', '0.0.0.0', ...names, ...(hasIpv6 ? ['::1', '::'] : [])];

for (const host of hosts) {
  test(`the container is healthy while its service answers on ${host}`, async (t) => {
    const settings = { IMGWIRE_HOST: host, IMGWIRE_ALLOW_UNAUTHENTICATED: 'true', IMGWIRE_WORKERS: '1' };
    const { http, stop } = await startService(t, { env: settings });
    const env = { IMGWIRE_HOST: host, IMGWIRE_PORT: new URL(http).port };
    assert.equal(await check(env), 0);
    await stop();
    assert.equal(await check(env), 1);
  });
}
