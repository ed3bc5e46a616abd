import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodeNames } from '../../src/contract/errors.ts';
import { gatewayStages, workerStages } from '../../src/contract/stages.ts';
import { createOpenRequests } from '../../src/gateway/service/request-context.ts';
import { createMetrics } from '../../src/gateway/telemetry/metrics.ts';
import { parseMetrics } from '../helpers/metrics.ts';

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const [documented, alerts, dashboard] = [
  'monitoring.md',
  'monitoring/alerts.yml',
  'monitoring/grafana-dashboard.json',
].map(read) as [string, string, string];

/** All metrics, with a request through each door and values of each kind. */
async function scraped() {
  const metrics = createMetrics('1.2.3');
  const both = { light: 1, heavy: 2 };
  metrics.watch({
    openRequests: () => 1,
    queued: () => both,
    lanes: () => ({ light: { free: 1, busy: 2 }, heavy: { free: 3, busy: 4 } }),
    upstreams: () => ({ serving: 1, away: 2 }),
    retries: () => 5,
    purges: () => ({ waiting: 1, done: 2, failed: 3 }),
    deletionFeed: () => ({
      peers: { heard: 1, missing: 2 },
      deletions: { peer: 3, store: 4 },
      gaps: 5,
      isCurrent: true,
    }),
    workerRestarts: () => ({ crash: 1, external: 2, killed: 3, memory: 4 }),
    cacheLookups: () => ({ memory: { hits: 1, misses: 2 }, disk: { hits: 3, misses: 4 } }),
    caches: () => ({ memory: { entries: 1, bytes: 2 }, disk: { entries: 3, bytes: 4 } }),
    inflightBytes: () => ({ http: 1, zmq: 2 }),
    connections: async () => ({ http: 1, zmq: 2 }),
    refusals: () => ({ http: { queue_full: 1 }, zmq: { unread_replies: 1 } }),
    memory: () => ({ gateway: 1, 'worker-0': 2 }),
  });
  const requests = createOpenRequests(1000, metrics.requestEnded);
  for (const door of ['http', 'zmq'] as const) {
    const context = requests.open({ requestId: 'r', door, client: {} });
    context.outcome = door === 'http' ? 'success' : 'forbidden';
    if (door === 'http') context.http = { method: 'GET', url: '/images', route: '/images', status: 200 };
    context.close();
  }
  metrics.stageEnded('resize', 'queue', 3);
  return { metrics, text: await metrics.text() };
}

const { metrics, text } = await scraped();
const types = new Map(
  [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type] as [string, string]),
);
const samples = parseMetrics(text);

/** The metric behind a name in a query, and the labels of its samples. */
function find(name: string): { metric: string; labels: Set<string> } {
  const metric = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
  const labels = [...samples.keys()]
    .filter((sample) => sample.split('{')[0] === name)
    .flatMap((sample) => [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label as string));
  return { metric, labels: new Set(labels) };
}

test('the documents list exactly the metrics, with their types and labels', () => {
  const rows = new Map<string, string>();
  for (const line of documented.split('\n').filter((one) => /^\| `(imgwire|process)_/.test(one))) {
    for (const [, name] of (line.split(' | ')[0] as string).matchAll(/`(\w+)`/g)) rows.set(name as string, line);
  }
  assert.deepEqual([...rows.keys()].sort(), [...types.keys()].sort());
  for (const [name, line] of rows) {
    const [, type, labels = ''] = line.split(' | ');
    assert.equal(type, types.get(name), name);
    const own = find(types.get(name) === 'histogram' ? `${name}_count` : name).labels;
    assert.deepEqual(new Set([...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)), own, name);
  }
});

test('alerts and dashboard use existing metrics and labels', () => {
  for (const queries of [alerts, JSON.stringify(dashboard).replaceAll('\\', '')]) {
    const names = [...queries.matchAll(/\b(imgwire_\w+|process_\w+)(?:\{([^}]*)\})?/g)];
    assert.ok(names.length > 5);
    for (const [, name, selector = ''] of names) {
      const { metric, labels } = find(name as string);
      assert.ok(types.has(metric), `no metric ${name}`);
      for (const [, label] of selector.matchAll(/(\w+)\s*[=!]/g)) {
        assert.ok(label === 'instance' || labels.has(label as string), `no label ${label} of ${name}`);
      }
    }
  }
  const panels = (JSON.parse(dashboard) as { panels: { targets: { expr: string }[] }[] }).panels;
  assert.ok(panels.every(({ targets }) => targets.length > 0 && targets.every(({ expr }) => expr !== '')));
});

test('alerts name existing outcomes, and the documents explain each stage', () => {
  for (const [, outcomes] of alerts.matchAll(/outcome=~?"([^"]*)"/g)) {
    for (const outcome of (outcomes as string).split('|'))
      assert.ok(errorCodeNames.includes(outcome as never), outcome);
  }
  const explained = documented.slice(documented.indexOf('## Stages'));
  for (const stage of [...gatewayStages, ...workerStages]) assert.match(explained, new RegExp(`\\| [^|]*\`${stage}\``));
});

test('names follow Prometheus conventions', () => {
  for (const [name, type] of types) {
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    if (type === 'histogram') assert.match(name, /_seconds$/);
  }
});

test('a histogram counts each observation in every bucket that contains it', () => {
  const of = (le: string) =>
    samples.get(`imgwire_stage_duration_seconds_bucket{operation="resize",stage="queue",le="${le}"}`);
  assert.deepEqual([of('0.0025'), of('0.005'), of('30'), of('+Inf')], [0, 1, 1, 1]);
  assert.equal(samples.get('imgwire_stage_duration_seconds_sum{operation="resize",stage="queue"}'), 0.003);
});

test('scraping does not change the counters', async () => {
  const again = parseMetrics(await metrics.text());
  const measured = /^imgwire_event_loop/;
  for (const [sample, value] of samples) if (!measured.test(sample)) assert.equal(again.get(sample), value, sample);
  assert.equal(samples.get('imgwire_refusals_total{door="zmq",reason="forbidden"}'), 1);
});
