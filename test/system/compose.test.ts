import assert from 'node:assert/strict';
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { curveKeyPair } from 'zeromq';
import { createHosts } from '../helpers/hosts.ts';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { buildSeaweedFs, removeSockets } from '../store/engines/seaweedfs.ts';

/* Docker Compose's own library reads docker-compose.yml and checks it against its schema. */

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = await temporaryFolder({ after }, 'compose');

interface Project {
  services: Record<
    string,
    {
      healthcheck: { test: string[] };
      image: string;
      environment: Record<string, string>;
      command: string[];
      entrypoint: string[];
    }
  >;
  configs: Record<string, { content: string }>;
}

const loader = join(scratch, 'compose');
await run('go', ['build', '-o', loader, '.'], { cwd: join(root, 'test/system/compose') });

async function load(profiles: readonly string[] = [], env: Record<string, string> = {}): Promise<Project> {
  const { stdout } = await run(loader, [join(root, 'docker-compose.yml'), ...profiles], {
    env: { PATH: process.env.PATH, ...env },
  });
  return JSON.parse(stdout);
}

test('docker-compose.yml defines one node, or a cluster with the profile', async () => {
  assert.deepEqual(Object.keys((await load()).services), ['imgwire']);
  const { services } = await load(['cluster']);
  assert.deepEqual(Object.keys(services).sort(), ['balancer', 'bucket', 'imgwire', 'node1', 'node2', 'store']);
});

/** Starts the whole cluster on separate hosts, with these variables in Compose's environment. */
async function startCluster(t: TestContext, env: Record<string, string> = {}) {
  const { services, configs } = await load(['cluster'], env);
  const names = ['store', 'bucket', 'node1', 'node2', 'balancer'];
  const hosts = createHosts(t, `172.30.${process.pid % 256}`, names);
  const of = (name: string) => services[name] as Project['services'][string];
  const storePath = dirname(await buildSeaweedFs());
  const folder = await temporaryFolder(t, 'cluster');

  const runOn = async (name: string, command: readonly string[], variables: NodeJS.ProcessEnv = {}) => {
    const child = hosts.start(name, command, variables);
    child.stdout?.resume();
    return (await once(child, 'exit'))[0];
  };
  // SeaweedFS's default ports.
  closeWith(t, () => removeSockets([8333, 8888, 18080, 18333, 18888, 19333]));
  const command = of('store').command.map((word) => word.replace('/data', join(folder, 'store')));
  await mkdir(join(folder, 'store'));
  hosts.start('store', [join(storePath, 'weed'), ...command], of('store').environment).stdout?.resume();
  const [kind, ...check] = of('store').healthcheck.test;
  assert.equal(kind, 'CMD');
  while ((await runOn('store', check)) !== 0) await delay(100);
  assert.equal(await runOn('bucket', of('bucket').entrypoint, { PATH: `${storePath}:${process.env.PATH}` }), 0);

  const nodes = ['node1', 'node2'].map((name) => {
    const settings = { IMGWIRE_HOST: '0.0.0.0', IMGWIRE_DATA_DIR: join(folder, name), IMGWIRE_WORKERS: '1' };
    return hosts.start(name, [join(root, 'bin/imgwire')], { ...of(name).environment, ...settings });
  });
  await Promise.all(nodes.map(waitUntilReady));

  const site = join(folder, 'default.conf');
  await writeFile(site, configs.balancer?.content ?? '');
  const main = join(folder, 'nginx.conf');
  await writeFile(
    main,
    `pid ${folder}/nginx.pid; error_log stderr; events {} http { access_log off; include ${site}; }`,
  );
  hosts.start('balancer', ['nginx', '-c', main, '-g', 'daemon off;']);
  const balancer = `http://${hosts.address('balancer')}`;
  await waitUntilAnswering(`${balancer}/ready`);
  const direct = ['node1', 'node2'].map((name) => `http://${hosts.address(name)}:8080`) as [string, string];
  return { nodes, balancer, direct };
}

const bytes = await photo(900, 600);
const id = createHash('sha256').update(bytes).digest('hex');

test('the cluster starts as configured, keeps serving when a node is killed, and deletes images', async (t) => {
  const { nodes, balancer, direct } = await startCluster(t);
  const stored = await fetch(`${balancer}/images`, { method: 'POST', body: new Uint8Array(bytes), headers: jpeg });
  assert.equal(stored.status, 201);
  for (const node of direct) assert.equal((await fetch(`${node}/images/${id}?width=100`)).status, 200);

  const statuses = new Set<number>();
  let isKilled = false;
  for (let width = 101; width < 141; width += 1) {
    if (width === 111) isKilled = nodes[0]?.kill('SIGKILL') ?? false;
    statuses.add((await fetch(`${balancer}/images/${id}?width=${width}`)).status);
  }
  assert.ok(isKilled);
  assert.deepEqual([...statuses], [200]);

  assert.equal((await fetch(`${balancer}/images/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await fetch(`${direct[1]}/images/${id}?width=100`)).status, 404);
});

test('with the keys from docs/deployment.md, rejects strangers and propagates deletions', async (t) => {
  const [node, client] = [curveKeyPair(), curveKeyPair()];
  const key = 'iw_key-of-this-test';
  const sha256 = createHash('sha256').update(key).digest('hex');
  const { direct } = await startCluster(t, {
    IMGWIRE_ALLOW_UNAUTHENTICATED: 'false',
    IMGWIRE_API_KEYS: `test:read+write+admin:${sha256},client:read:${client.publicKey}`,
    IMGWIRE_CURVE_SECRET_KEY: node.secretKey,
    IMGWIRE_PEERS: `tcp://node1:5556|${node.publicKey},tcp://node2:5556|${node.publicKey}`,
  });
  const ask = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...jpeg, authorization: `Bearer ${key}` } });
  const metric = async (line: string) => (await (await ask(`${direct[1]}/metrics`)).text()).includes(`${line}\n`);
  while (!(await metric('imgwire_peers{state="heard"} 2'))) await delay(50);
  assert.equal((await fetch(`${direct[0]}/images`)).status, 401);
  const stored = await ask(`${direct[0]}/images/${id}`, { method: 'PUT', body: new Uint8Array(bytes) });
  assert.equal(stored.status, 201);
  assert.equal((await ask(`${direct[1]}/images/${id}?width=100`)).status, 200);
  assert.equal((await ask(`${direct[0]}/images/${id}`, { method: 'DELETE' })).status, 204);
  while (!(await metric('imgwire_deletions_heard_total{from="peer"} 1'))) await delay(50);
  assert.equal((await ask(`${direct[1]}/images/${id}?width=100`)).status, 404);
});

const jpeg = { 'content-type': 'image/jpeg' };

async function waitUntilReady(node: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: node.stdout as NonNullable<typeof node.stdout> })) {
    if (JSON.parse(line).msg !== 'ready') continue;
    // A full log pipe would block it.
    node.stdout?.resume();
    return;
  }
  throw new Error('A node ended before it was ready');
}

async function waitUntilAnswering(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await delay(50);
}

test('the loader rejects an invalid compose file', async () => {
  const wrong = join(scratch, 'wrong.yml');
  await writeFile(wrong, 'services:\n  imgwire:\n    build: .\n    port: 8080\n');
  await assert.rejects(run(loader, [wrong]), /port/);
});
