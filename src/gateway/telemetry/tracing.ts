import {
  type Attributes,
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { errorCodes } from '../../contract/errors.ts';
import { type WorkerStage, workerStages } from '../../contract/stages.ts';
import type { Logger } from '../../log.ts';
import type { Outcome, RequestContext } from '../service/request-context.ts';
import type { Interval } from '../service/timings.ts';

export interface Tracing {
  requestEnded(context: RequestContext): void;
  /** Sends what is left; gives up after seconds where nobody takes it. */
  shutdown(): Promise<void>;
}

/** Bounds the shutdown, too, so less than the ten seconds that are usual. */
const exportTimeoutMs = 3000;

const ofWorker: ReadonlySet<string> = new Set<WorkerStage>(workerStages);

/**
 * Exports a span for each request and for each of its stages, as OTEL_EXPORTER_OTLP_ENDPOINT and the SDK's other variables
 * say. To be imported only where tracing is on: what it imports takes a while to load.
 */
export function startTracing({ version, log }: { version: string; log: Logger }): Tracing {
  const warn = (reason: unknown) => log.warn({ reason: String(reason) }, 'traces are not exported');
  const quiet = () => {};
  diag.setLogger({ error: warn, warn, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
  setGlobalErrorHandler((error) => warn(typeof error === 'string' ? error : error.message || error.name));

  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'imgwire', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs }))],
  });
  const tracer = provider.getTracer('imgwire', version);
  const propagator = new W3CTraceContextPropagator();

  /** @param intervals in the order of their ends, those of a worker after their lane */
  function addStages(context: RequestContext, parent: Context, epoch: number): void {
    const intervals = stagesOf(context);
    const failed = intervals.findLast(({ stage }) => stage === context.failedStage);
    let lane = parent;
    for (const interval of intervals) {
      const { stage, start, duration } = interval;
      const span = tracer.startSpan(stage, { startTime: epoch + start }, ofWorker.has(stage) ? lane : parent);
      if (stage === 'lane') lane = trace.setSpan(parent, span);
      if (interval === failed) {
        span.setAttribute('error.type', context.outcome).setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end(epoch + start + duration);
    }
  }

  return {
    requestEnded(context) {
      const { outcome, openedAt, endedAt } = context;
      // Each request anew: the clocks drift apart.
      const epoch = Date.now() - performance.now();
      const from = propagator.extract(ROOT_CONTEXT, context.trace ?? {}, defaultTextMapGetter);
      const options = { kind: SpanKind.SERVER, startTime: epoch + openedAt, attributes: attributesOf(context) };
      const span = tracer.startSpan(nameOf(context), options, from);
      if (span.isRecording()) addStages(context, trace.setSpan(from, span), epoch);
      if (isFault(outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(epoch + endedAt);
    },
    shutdown: () => provider.shutdown().catch(warn),
  };
}

function nameOf({ http, operation }: RequestContext): string {
  if (http === undefined) return operation ?? 'request';
  return http.route === undefined ? http.method : `${http.method} ${http.route}`;
}

/** Nothing that a client sent but its request id, and the path where there is such a route: neither query nor headers. */
function attributesOf({ requestId, door, operation, outcome, failedStage, timings, http }: RequestContext): Attributes {
  return {
    'imgwire.request_id': requestId,
    'imgwire.door': door,
    'imgwire.operation': operation,
    'imgwire.cache_hit': timings.isHit,
    ...(outcome !== 'success' && { 'error.type': outcome, 'imgwire.stage': failedStage }),
    ...(http && {
      'http.request.method': http.method,
      'http.route': http.route,
      'http.response.status_code': http.status,
      'url.path': http.route && http.url.split('?', 1)[0],
      'url.scheme': 'http',
    }),
  };
}

/** With the transfers between client and gateway. */
function stagesOf({ openedAt, arrivedAt, answeredAt, endedAt, timings }: RequestContext): Interval[] {
  return [
    ...(arrivedAt > openedAt ? [{ stage: 'receive', start: openedAt, duration: arrivedAt - openedAt } as const] : []),
    ...timings.intervals,
    ...(answeredAt > 0 ? [{ stage: 'transfer', start: answeredAt, duration: endedAt - answeredAt } as const] : []),
  ];
}

/** What a client did wrong is no error of a server (OpenTelemetry's HTTP conventions). */
function isFault(outcome: Outcome): boolean {
  return outcome !== 'success' && outcome !== 'aborted' && errorCodes[outcome].status >= 500;
}
