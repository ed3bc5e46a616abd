import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { closeWith, temporaryFolder } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import { startService } from '../helpers/service.ts';

const alerts = fileURLToPath(new URL('../../docs/monitoring/alerts.yml', import.meta.url));

/** Starts Prometheus on a free port. @returns its address */
async function startPrometheus(t: TestContext, target: string): Promise<string> {
  const folder = await temporaryFolder(t, 'prometheus');
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
      rule_files: [alerts],
      scrape_configs: [{ job_name: 'imgwire', static_configs: [{ targets: [new URL(target).host] }] }],
    }),
  );
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  closeWith(t, async () => {
    if (child.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    // Keeps the pipe from filling up.
    child.stderr.resume();
    return `http://${address}`;
  }
  throw new Error('Prometheus ended before it listened');
}

interface Sample {
  metric: Record<string, string>;
  value: [time: number, value: string];
}

/** Asks until the condition holds; a scrape may be under way. */
async function query(prometheus: string, expression: string, holds: (samples: Sample[]) => boolean): Promise<Sample[]> {
  for (;;) {
    const url = `${prometheus}/api/v1/query?${new URLSearchParams({ query: expression })}`;
    const { data } = (await (await fetch(url)).json()) as { data?: { result: Sample[] } };
    if (data !== undefined && holds(data.result)) return data.result;
    await delay(200);
  }
}

test('promtool finds nothing to complain about', async (t) => {
  const service = await startService(t);
  const body = new Uint8Array(await photo(100, 80));
  await fetch(`${service.http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
  const metrics = await (await fetch(`${service.http}/metrics`)).text();
  // Complaints end it with code 3.
  assert.equal(execFileSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' }), '');
  assert.match(execFileSync('promtool', ['check', 'rules', alerts], { encoding: 'utf8' }), /SUCCESS/);
});

test('Prometheus scrapes the service, counts as it does, and evaluates the alerts', async (t) => {
  const service = await startService(t);
  const prometheus = await startPrometheus(t, service.http);
  const body = new Uint8Array(await photo(100, 80));
  const upload = { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body };
  const stored = await (await fetch(`${service.http}/images`, upload)).json();
  const { image_id } = stored as { image_id: string };
  for (let count = 0; count < 4; count += 1) {
    await (await fetch(`${service.http}/images/${image_id}?width=20`)).arrayBuffer();
  }
  await query(prometheus, 'up{job="imgwire"}', ([up]) => up?.value[1] === '1');
  const requests = 'imgwire_requests_total{operation="resize",outcome="success",status="200"}';
  const [counted] = await query(prometheus, requests, ([sample]) => sample?.value[1] === '4');
  assert.equal(counted?.metric.route, '/images/:image_id');
  const quantile =
    'histogram_quantile(0.5, sum by (le) (imgwire_stage_duration_seconds_bucket{operation="resize",stage="pipeline"}))';
  const [median] = await query(prometheus, quantile, (samples) => samples.length === 1);
  assert.ok(Number(median?.value[1]) > 0);

  const rulesNow = async () => {
    const answer = await (await fetch(`${prometheus}/api/v1/rules`)).json();
    const { groups } = (answer as { data: { groups: { rules: { name: string; health: string; state: string }[] }[] } })
      .data;
    return groups.flatMap(({ rules }) => rules);
  };
  for (;;) {
    const rules = await rulesNow();
    assert.ok(rules.length >= 10);
    assert.deepEqual(
      rules.filter(({ health }) => health === 'err'),
      [],
    );
    if (rules.every(({ health }) => health === 'ok')) break;
    await delay(200);
  }
  await service.stop();
  for (;;) {
    const down = (await rulesNow()).find(({ name }) => name === 'ImgwireDown');
    if (down?.state === 'pending' || down?.state === 'firing') break;
    await delay(200);
  }
});
