import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import type { Figures } from './figures.ts';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';
import { scrapedCounter, scrapedGauge, type Value, valuesBy } from './scraped.ts';

export interface Metrics extends RequestMetrics {
  /** Adds what is read when Prometheus asks. */
  watch(figures: Figures): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Outcomes that are refusals, beside what the parts count themselves. */
const refusals = ['shutting_down', 'rate_limited', 'unauthorized', 'forbidden'] as const;

/** @param version of this service */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const requests = createRequestMetrics(registry);

  function watch(figures: Figures): void {
    const counter = (name: string, help: string, labelNames: string[], values: () => Iterable<Value>) =>
      scrapedCounter(registry, { name, help, labelNames }, values);
    const gauge = (
      name: string,
      help: string,
      labelNames: string[],
      values: () => Iterable<Value> | Promise<Iterable<Value>>,
    ) => scrapedGauge(registry, { name, help, labelNames }, values);
    const ofTiers = (stat: 'bytes' | 'entries') =>
      Object.entries(figures.caches()).map(([tier, stats]) => ({ labels: { tier }, value: stats[stat] }));

    gauge('imgwire_open_requests', 'Requests that are not answered yet.', [], () => single(figures.openRequests()));
    gauge('imgwire_queue_jobs', 'Jobs that wait for a lane.', ['weight'], () => valuesBy('weight', figures.queued()));
    gauge('imgwire_lanes', 'Lanes to workers and upstreams.', ['weight', 'state'], () =>
      Object.entries(figures.lanes()).flatMap(([weight, states]) =>
        valuesBy('state', states).map(({ labels, value }) => ({ labels: { weight, ...labels }, value })),
      ),
    );
    gauge('imgwire_upstreams', 'Upstreams that take jobs, and others.', ['state'], () =>
      valuesBy('state', figures.upstreams()),
    );
    counter('imgwire_retries_total', 'Jobs given to another lane after the loss of one.', [], () =>
      single(figures.retries()),
    );
    counter('imgwire_purges_total', 'Deletions that a shared cache was told of.', ['result'], () => {
      const { done, failed } = figures.purges() ?? { done: 0, failed: 0 };
      return valuesBy('result', { done, failed });
    });
    gauge('imgwire_peers', 'Nodes of IMGWIRE_PEERS, by whether they are heard.', ['state'], () =>
      valuesBy('state', figures.deletionFeed().peers),
    );
    counter('imgwire_deletions_heard_total', 'Deletions heard.', ['from'], () =>
      valuesBy('from', figures.deletionFeed().deletions),
    );
    counter('imgwire_deletion_gaps_total', 'Times that deletions may have been missed.', [], () =>
      single(figures.deletionFeed().gaps),
    );
    gauge('imgwire_caches_in_use', 'Whether deletions at other nodes are known, so that caches are used.', [], () =>
      single(Number(figures.deletionFeed().isCurrent)),
    );
    counter('imgwire_worker_restarts_total', 'Workers replaced, by what happened to the ones before.', ['reason'], () =>
      valuesBy('reason', figures.workerRestarts()),
    );
    counter('imgwire_cache_lookups_total', 'Lookups of results.', ['tier', 'result'], () =>
      Object.entries(figures.cacheLookups()).flatMap(([tier, { hits, misses }]) => [
        { labels: { tier, result: 'hit' }, value: hits },
        { labels: { tier, result: 'miss' }, value: misses },
      ]),
    );
    gauge('imgwire_cache_bytes', 'Bytes of cached results.', ['tier'], () => ofTiers('bytes'));
    gauge('imgwire_cache_entries', 'Cached results.', ['tier'], () => ofTiers('entries'));
    gauge('imgwire_inflight_bytes', 'Bytes of images in flight.', ['door'], () =>
      valuesBy('door', figures.inflightBytes()),
    );
    gauge('imgwire_connections', 'Open connections.', ['door'], async () =>
      valuesBy('door', await figures.connections()),
    );
    counter('imgwire_refusals_total', 'Refused requests, jobs and connections.', ['door', 'reason'], () =>
      Object.entries(figures.refusals()).flatMap(([door, counted]) => [
        ...valuesBy('reason', counted).map(({ labels, value }) => ({ labels: { door, ...labels }, value })),
        ...refusals.map((reason) => ({ labels: { door, reason }, value: requests.withOutcome(door, reason) })),
      ]),
    );
    gauge('imgwire_resident_memory_bytes', 'Resident memory of a process.', ['process'], () =>
      valuesBy('process', figures.memory()),
    );
    gauge(
      'imgwire_event_loop_delay_seconds',
      "Delay of the gateway's event loop since the last scrape.",
      ['percentile'],
      eventLoopDelay(),
    );
    gauge('imgwire_build_info', 'Always 1; the versions are in the labels.', ['version', 'node'], () => [
      { labels: { version, node: process.versions.node }, value: 1 },
    ]);
    gauge('process_start_time_seconds', 'When the gateway started, in Unix time.', [], () =>
      single(performance.timeOrigin / 1000),
    );
  }

  return { ...requests, watch, text: () => registry.metrics() };
}

const single = (value: number): Value[] => [{ labels: {}, value }];

/** Milliseconds between two samples, which the samples include. */
const resolution = 20;

function eventLoopDelay(): () => Value[] {
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  return () => {
    const values = [50, 99, 100].map((percentile) => ({
      labels: { percentile: String(percentile) },
      value: Math.max(0, delays.percentile(percentile) / 1e9 - resolution / 1e3),
    }));
    delays.reset();
    return values;
  };
}
