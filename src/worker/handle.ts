import { randomUUID } from 'node:crypto';
import { RequestId } from '../contract/fields.ts';
import type { LaneRequest } from '../contract/lane.ts';
import { parseLaneMessage } from '../contract/lane-message.ts';
import { encodeReport } from '../contract/lane-report.ts';
import { checkImageSize, errorReply, type Message, parseJson } from '../contract/messages.ts';
import type { OperationName } from '../contract/operations.ts';
import type { WorkerStage } from '../contract/stages.ts';
import { Check } from '../contract/typebox.ts';
import type { Logger } from '../log.ts';
import { decodeBase64Frame, decodeImageData } from './base64.ts';
import type { Operation, OperationResult } from './operations/operation.ts';
import type { Operations } from './operations/operations.ts';
import { successFrames } from './reply.ts';
import { Stages } from './stages.ts';

export interface HandlerOptions {
  operations: Operations;
  maxUploadBytes: number;
  log: Logger;
}

const maxMarginMs = 500;

/** Never rejects. */
export type Handler = (frames: readonly Buffer[]) => Promise<Buffer[]>;

/** Creates a handler, which parses a request, runs its operation, logs the outcome and builds the reply. */
export function createHandler({ operations, maxUploadBytes, log }: HandlerOptions): Handler {
  return async (frames) => {
    const start = performance.now();
    const stages = new Stages();
    let request: LaneRequest | undefined;
    const logFields = (requestId: string) => ({
      request_id: requestId,
      operation: request?.operation,
      duration_ms: Math.round(performance.now() - start),
    });
    try {
      const message = parseLaneMessage(frames);
      request = message.request;
      const requestId = request.request_id ?? randomUUID();
      log.debug({ request_id: requestId, operation: request.operation }, 'started');
      const reply = successFrames(request, requestId, await run(message, stages));
      const line = { ...logFields(requestId), status: 'success' };
      if (request.operation === 'ping') log.debug(line, 'answered');
      else log.info(line, 'answered');
      return withReport(reply);
    } catch (error) {
      const requestId = request?.request_id ?? requestIdOf(frames) ?? randomUUID();
      const reply = errorReply(error, requestId);
      const stage = stages.failedAt(error);
      if (serverFaults.has(reply.code)) log.error({ request_id: requestId, stage, err: error }, 'request failed');
      log.info({ ...logFields(requestId), status: 'error', code: reply.code, stage }, 'answered');
      return withReport([Buffer.from(JSON.stringify(reply))], stage);
    }

    function withReport(reply: Buffer[], failed?: WorkerStage): Buffer[] {
      if (request?.report) reply.push(encodeReport({ stages: stages.timings, ...(failed && { failed }) }));
      return reply;
    }
  };

  async function run(
    { request, image: frame }: Message<LaneRequest>,
    stages: Stages,
  ): Promise<OperationResult<OperationName>> {
    const operation = operations[request.operation] as Operation<OperationName>;
    const image = decodeImage(request, frame);
    if (image !== undefined) checkImageSize(image.length, maxUploadBytes);
    return withDeadline(request.deadline, (signal) => operation(request, image, stages, signal));
  }
}

/**
 * Aborts the work early enough to reply before the deadline. The timer of AbortSignal.timeout would outlive the work.
 */
async function withDeadline<T>(deadline: number | undefined, work: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  if (deadline === undefined) return work();
  const remaining = Math.max(0, deadline - Date.now());
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), remaining - Math.min(remaining * 0.1, maxMarginMs));
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Codes whose cause is logged, for the operator. */
const serverFaults: ReadonlySet<string> = new Set(['internal', 'store_unavailable', 'insufficient_storage']);

function decodeImage(request: LaneRequest, frame: Buffer | undefined): Buffer | undefined {
  const { image_data: text, image_encoding: encoding } = request as { image_data?: string; image_encoding?: 'base64' };
  if (text !== undefined) return decodeImageData(text);
  return frame !== undefined && encoding === 'base64' ? decodeBase64Frame(frame) : frame;
}

/** The id of an invalid request, for its sender to match the reply. */
function requestIdOf([json = Buffer.alloc(0)]: readonly Buffer[]): string | undefined {
  try {
    const { request_id: requestId } = Object(parseJson(json)) as { request_id?: unknown };
    return Check(RequestId, requestId) ? requestId : undefined;
  } catch {
    return undefined;
  }
}
