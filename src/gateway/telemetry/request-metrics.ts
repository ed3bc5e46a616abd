import type { Registry } from 'prom-client';
import type { RequestContext } from '../service/request-context.ts';
import type { StageObserver } from '../service/stage-observer.ts';
import { scrapedCounter, type Value } from './scraped.ts';
import { type Tally, tallyHistogram } from './tally.ts';

/** Requests with the same labels. */
interface Requests extends Value {
  duration: Tally;
  transfer: Tally;
}

export type RequestMetrics = ReturnType<typeof createRequestMetrics>;

/** Counts requests as they end. What a cache hit adds takes 0.3 µs. */
export function createRequestMetrics(registry: Registry) {
  const all = new Map<string, Requests>();
  const failures = new Map<string, Value>();
  const durations = tallyHistogram(
    registry,
    'imgwire_request_duration_seconds',
    'Time from the head of a request to the end of its answer.',
    ['door', 'operation'],
  );
  const stages = tallyHistogram(
    registry,
    'imgwire_stage_duration_seconds',
    'Time of the stages of requests; work that several requests share counts once.',
    ['operation', 'stage'],
  );
  const labelNames = ['door', 'operation', 'method', 'route', 'status', 'outcome'];
  scrapedCounter(registry, { name: 'imgwire_requests_total', help: 'Requests that have ended.', labelNames }, () =>
    all.values(),
  );
  scrapedCounter(
    registry,
    {
      name: 'imgwire_request_failures_total',
      help: 'Requests that were answered with an error or left by their client, by the stage that they were in.',
      labelNames: ['door', 'code', 'stage'],
    },
    () => failures.values(),
  );

  function add(key: string, { door, operation: known, http, outcome }: RequestContext): Requests {
    const operation = known ?? 'none';
    const { method = '', route = http === undefined ? '' : 'none', status = '' } = http ?? {};
    const requests = {
      labels: { door, operation, method, route, status: String(status), outcome },
      value: 0,
      duration: durations.of(door, operation),
      transfer: stages.of(operation, 'transfer'),
    };
    all.set(key, requests);
    return requests;
  }

  function addFailure({ door, outcome, failedStage = 'door' }: RequestContext): void {
    const key = `${door} ${outcome} ${failedStage}`;
    const failure = failures.get(key) ?? { labels: { door, code: outcome, stage: failedStage }, value: 0 };
    failures.set(key, failure);
    failure.value += 1;
  }

  return {
    requestEnded(context: RequestContext): void {
      const { door, operation, outcome, http, openedAt, arrivedAt, answeredAt, endedAt } = context;
      const key = `${door} ${operation} ${http?.method} ${http?.route} ${http?.status} ${outcome}`;
      const requests = all.get(key) ?? add(key, context);
      requests.value += 1;
      requests.duration.observe(endedAt - openedAt);
      if (answeredAt > 0) requests.transfer.observe(endedAt - answeredAt);
      if (arrivedAt > openedAt) stages.of(operation ?? 'none', 'receive').observe(arrivedAt - openedAt);
      if (outcome !== 'success') addFailure(context);
    },
    stageEnded: ((operation, stage, milliseconds) =>
      stages.of(operation, stage).observe(milliseconds)) as StageObserver,
    /** Requests at a door with an outcome, in all. */
    withOutcome(door: string, outcome: string): number {
      let count = 0;
      for (const { labels, value } of all.values()) {
        if (labels.door === door && labels.outcome === outcome) count += value;
      }
      return count;
    },
  };
}
