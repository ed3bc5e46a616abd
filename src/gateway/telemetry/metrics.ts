import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';
import { type Sample, samplesBy, scrapedCounter, scrapedGauge } from './scraped.ts';
import type { StatsSource } from './stats-source.ts';

export interface Metrics extends RequestMetrics {
  /** Registers the metrics that are read at each scrape. */
  watch(source: StatsSource): void;
  /** The Prometheus text format. */
  text(): Promise<string>;
}

/** Request outcomes counted as refusals, besides those that `StatsSource.refusals()` counts. */
const refusalOutcomes = ['shutting_down', 'rate_limited', 'unauthorized', 'forbidden'] as const;

/**
 * Creates the metrics registry.
 * @param version of this service, for `imgwire_build_info`
 */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const requests = createRequestMetrics(registry);

  function watch(source: StatsSource): void {
    const counter = (name: string, help: string, labelNames: string[], values: () => Iterable<Sample>) =>
      scrapedCounter(registry, { name, help, labelNames }, values);
    const gauge = (
      name: string,
      help: string,
      labelNames: string[],
      values: () => Iterable<Sample> | Promise<Iterable<Sample>>,
    ) => scrapedGauge(registry, { name, help, labelNames }, values);
    const samplesByTier = (stat: 'bytes' | 'entries') =>
      Object.entries(source.caches()).map(([tier, stats]) => ({ labels: { tier }, value: stats[stat] }));

    gauge('imgwire_open_requests', 'Requests in progress.', [], () => single(source.openRequests()));
    gauge('imgwire_queue_jobs', 'Jobs waiting for a lane.', ['weight'], () => samplesBy('weight', source.queued()));
    gauge('imgwire_lanes', 'Lanes to workers and upstreams.', ['weight', 'state'], () =>
      Object.entries(source.lanes()).flatMap(([weight, states]) =>
        samplesBy('state', states).map(({ labels, value }) => ({ labels: { weight, ...labels }, value })),
      ),
    );
    gauge('imgwire_upstreams', 'Upstreams, serving or away.', ['state'], () => samplesBy('state', source.upstreams()));
    counter('imgwire_retries_total', 'Jobs retried on another lane after theirs was lost.', [], () =>
      single(source.retries()),
    );
    counter('imgwire_purges_total', 'Purges of deleted images from the shared cache.', ['result'], () => {
      const { done, failed } = source.purges() ?? { done: 0, failed: 0 };
      return samplesBy('result', { done, failed });
    });
    gauge('imgwire_peers', 'Nodes in IMGWIRE_PEERS, heard or missing.', ['state'], () =>
      samplesBy('state', source.deletionFeed().peers),
    );
    counter('imgwire_deletions_heard_total', 'Deletions heard from peers and the store.', ['from'], () =>
      samplesBy('from', source.deletionFeed().deletions),
    );
    counter('imgwire_deletion_gaps_total', 'Times deletions may have been missed.', [], () =>
      single(source.deletionFeed().gaps),
    );
    gauge(
      'imgwire_caches_in_use',
      '1 while deletions at other nodes are known and the caches are used, else 0.',
      [],
      () => single(Number(source.deletionFeed().isCurrent)),
    );
    counter('imgwire_worker_restarts_total', 'Workers replaced, by reason.', ['reason'], () =>
      samplesBy('reason', source.workerRestarts()),
    );
    counter('imgwire_cache_lookups_total', 'Cache lookups of results.', ['tier', 'result'], () =>
      Object.entries(source.cacheLookups()).flatMap(([tier, { hits, misses }]) => [
        { labels: { tier, result: 'hit' }, value: hits },
        { labels: { tier, result: 'miss' }, value: misses },
      ]),
    );
    gauge('imgwire_cache_bytes', 'Bytes of cached results.', ['tier'], () => samplesByTier('bytes'));
    gauge('imgwire_cache_entries', 'Cached results.', ['tier'], () => samplesByTier('entries'));
    gauge('imgwire_inflight_bytes', 'Bytes of images in flight.', ['door'], () =>
      samplesBy('door', source.inflightBytes()),
    );
    gauge('imgwire_connections', 'Open connections.', ['door'], async () =>
      samplesBy('door', await source.connections()),
    );
    counter('imgwire_refusals_total', 'Refused requests, jobs and connections.', ['door', 'reason'], () =>
      Object.entries(source.refusals()).flatMap(([door, counted]) => [
        ...samplesBy('reason', counted).map(({ labels, value }) => ({ labels: { door, ...labels }, value })),
        ...refusalOutcomes.map((reason) => ({ labels: { door, reason }, value: requests.withOutcome(door, reason) })),
      ]),
    );
    gauge('imgwire_resident_memory_bytes', 'Resident memory of a process.', ['process'], () =>
      samplesBy('process', source.memory()),
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

const single = (value: number): Sample[] => [{ labels: {}, value }];

/** Sampling interval in milliseconds, which each sample includes. */
const resolutionMs = 20;

function eventLoopDelay(): () => Sample[] {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return () => {
    const values = [50, 99, 100].map((percentile) => ({
      labels: { percentile: String(percentile) },
      value: Math.max(0, delays.percentile(percentile) / 1e9 - resolutionMs / 1e3),
    }));
    delays.reset();
    return values;
  };
}
