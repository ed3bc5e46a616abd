import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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

/** Queries until the condition holds, as a scrape may be in progress. */
async function query(prometheus: string, expression: string, holds: (samples: Sample[]) => boolean): Promise<Sample[]> {
  for (;;) {
    const url = `${prometheus}/api/v1/query?${new URLSearchParams({ query: expression })}`;
    const { data } = (await (await fetch(url)).json()) as { data?: { result: Sample[] } };
    if (data !== undefined && holds(data.result)) return data.result;
    await delay(200);
  }
}

test('promtool finds no problems', async (t) => {
  const service = await startService(t);
  const body = new Uint8Array(await photo(100, 80));
  await fetch(`${service.http}/images`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
  const metrics = await (await fetch(`${service.http}/metrics`)).text();
  // It exits with 3 on complaints.
  assert.equal(execFileSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' }), '');
  assert.match(execFileSync('promtool', ['check', 'rules', alerts], { encoding: 'utf8' }), /SUCCESS/);
});

/** For each alert, series in promtool's notation that make it fire and that do not; one sample per minute. */
const alertSeries: Record<string, [series: string, fires: string, rests: string][]> = {
  ImgwireDown: [['up{job="imgwire"}', '0x20', '1x20']],
  ImgwireWithoutWorkers: [['imgwire_lanes{state="free"}', '0x20', '1x20']],
  ImgwireUpstreamAway: [['imgwire_upstreams{state="away"}', '1x20', '0x20']],
  ImgwirePeerMissing: [['imgwire_peers{state="missing"}', '2x20', '0x20']],
  ImgwireCachesUnused: [['imgwire_caches_in_use', '0x20', '1x20']],
  ImgwirePurgesFail: [['imgwire_purges_total{result="failed"}', '0x10 1x10', '1x20']],
  ImgwireInternalErrors: [['imgwire_requests_total{outcome="internal"}', '0x16 1x4', '1x20']],
  ImgwireStoreFails: [['imgwire_requests_total{outcome="store_unavailable"}', '0x16 1x4', '1x20']],
  ImgwireErrors: [['imgwire_requests_total{outcome="timeout"}', '0+9x20', '9x20']],
  ImgwireOverloaded: [['imgwire_refusals_total{reason="queue_full"}', '0+120x20', '0+6x20']],
  ImgwireQueueSlow: [
    ['imgwire_stage_duration_seconds_bucket{stage="queue",le="2.5"}', '0x20', '0+60x20'],
    ['imgwire_stage_duration_seconds_bucket{stage="queue",le="5"}', '0+60x20', '0+60x20'],
    ['imgwire_stage_duration_seconds_bucket{stage="queue",le="+Inf"}', '0+60x20', '0+60x20'],
  ],
  ImgwireWorkersCrash: [['imgwire_worker_restarts_total{reason="crash"}', '0+1x20', '3x20']],
  ImgwireEventLoopSlow: [['imgwire_event_loop_delay_seconds{percentile="99"}', '0.2x20', '0.01x20']],
  ImgwireMemory: [['imgwire_resident_memory_bytes{process="gateway"}', '600000000x20', '500000000x20']],
};

test('each alert fires on its series, and not otherwise', async (t) => {
  const names = [...readFileSync(alerts, 'utf8').matchAll(/^ *- alert: (\w+)$/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(alertSeries), names);
  const tests = Object.entries(alertSeries).flatMap(([alert, series]) =>
    [true, false].map((fires) => ({
      interval: '1m',
      input_series: series.map(([name, firing, resting]) => ({ series: name, values: fires ? firing : resting })),
      promql_expr_test: [
        {
          expr: `count by (alertname) (ALERTS{alertname="${alert}",alertstate="firing"})`,
          eval_time: '18m',
          exp_samples: fires ? [{ labels: `{alertname="${alert}"}`, value: 1 }] : [],
        },
      ],
    })),
  );
  const file = join(await temporaryFolder(t, 'prometheus'), 'test.yml');
  await writeFile(file, JSON.stringify({ rule_files: [alerts], evaluation_interval: '1m', tests }));
  assert.match(execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8' }), /SUCCESS/);
});

test('the service has every metric used by the alerts', async (t) => {
  const service = await startService(t);
  const metrics = await (await fetch(`${service.http}/metrics`)).text();
  const usedMetrics = new Set(readFileSync(alerts, 'utf8').match(/\bimgwire_\w+(?=[{)[]| [=<>])/g));
  assert.ok(usedMetrics.size > 8);
  for (const name of usedMetrics) assert.match(metrics, new RegExp(`^# TYPE ${name.replace(/_bucket$/, '')} `, 'm'));
});

test('Prometheus scrapes the service, matches its counters, and evaluates the alerts', async (t) => {
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
