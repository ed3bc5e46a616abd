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
  /** Exports the remaining spans; gives up after a few seconds if the collector does not accept them. */
  shutdown(): Promise<void>;
}

/** Below the usual ten seconds, as it also bounds the shutdown. */
const exportTimeoutMs = 3000;

const workerStageNames: ReadonlySet<string> = new Set<WorkerStage>(workerStages);

/**
 * Exports a span per request and per stage over OTLP, configured by OTEL_EXPORTER_OTLP_ENDPOINT and the SDK's other
 * variables. Import it only if tracing is on: its dependencies load slowly.
 */
export function startTracing({ version, log }: { version: string; log: Logger }): Tracing {
  const warn = (reason: unknown) => log.warn({ reason: String(reason) }, 'traces are not exported');
  const ignore = () => {};
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  setGlobalErrorHandler((error) => warn(typeof error === 'string' ? error : error.message || error.name));

  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'imgwire', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs }))],
  });
  const tracer = provider.getTracer('imgwire', version);
  const propagator = new W3CTraceContextPropagator();

  /** Worker stages follow their lane in the list and become its child spans. */
  function addStages(context: RequestContext, parent: Context, epoch: number): void {
    const intervals = stagesOf(context);
    const failed = intervals.findLast(({ stage }) => stage === context.failedStage);
    let lane = parent;
    for (const interval of intervals) {
      const { stage, start, duration } = interval;
      const span = tracer.startSpan(stage, { startTime: epoch + start }, workerStageNames.has(stage) ? lane : parent);
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
      // Per request, since the wall clock and the monotonic clock drift apart.
      const epoch = Date.now() - performance.now();
      const parent = propagator.extract(ROOT_CONTEXT, context.trace ?? {}, defaultTextMapGetter);
      const options = { kind: SpanKind.SERVER, startTime: epoch + openedAt, attributes: attributesOf(context) };
      const span = tracer.startSpan(nameOf(context), options, parent);
      if (span.isRecording()) addStages(context, trace.setSpan(parent, span), epoch);
      if (isServerError(outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(epoch + endedAt);
    },
    shutdown: () => provider.shutdown().catch(warn),
  };
}

function nameOf({ http, operation }: RequestContext): string {
  if (http === undefined) return operation ?? 'request';
  return http.route === undefined ? http.method : `${http.method} ${http.route}`;
}

/** Of what the client sent, only the request id, and the path if it matches a route: no query and no headers. */
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

/** The stages, plus the transfers between client and gateway. */
function stagesOf({ openedAt, arrivedAt, answeredAt, endedAt, timings }: RequestContext): Interval[] {
  return [
    ...(arrivedAt > openedAt ? [{ stage: 'receive', start: openedAt, duration: arrivedAt - openedAt } as const] : []),
    ...timings.intervals,
    ...(answeredAt > 0 ? [{ stage: 'transfer', start: answeredAt, duration: endedAt - answeredAt } as const] : []),
  ];
}

/** Client errors do not set the status of a server span (OpenTelemetry's HTTP conventions). */
function isServerError(outcome: Outcome): boolean {
  return outcome !== 'success' && outcome !== 'aborted' && errorCodes[outcome].status >= 500;
}
