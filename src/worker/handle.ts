import { randomUUID } from 'node:crypto';
import { checkImageSize, errorReply, type Message, parseJson, parseMessage } from '../contract/messages.ts';
import { type OperationName, RequestId, type RequestOf } from '../contract/operations.ts';
import { Check } from '../contract/typebox.ts';
import type { Logger } from '../log.ts';
import { decodeImageData } from './base64.ts';
import type { Operation, Outcome } from './operations/operation.ts';
import type { Operations } from './operations/operations.ts';
import { successFrames } from './reply.ts';

export interface HandlerOptions {
  operations: Operations;
  maxUploadBytes: number;
  log: Logger;
}

/** From the frames of a request to those of its reply. Whatever comes is answered: it never rejects. */
export type Handler = (frames: readonly Buffer[]) => Promise<Buffer[]>;

export function createHandler({ operations, maxUploadBytes, log }: HandlerOptions): Handler {
  return async (frames) => {
    const start = performance.now();
    let request: RequestOf | undefined;
    const logged = (requestId: string) => ({
      request_id: requestId,
      operation: request?.operation,
      duration_ms: Math.round(performance.now() - start),
    });
    try {
      const message = parseMessage(frames);
      request = message.request;
      const requestId = request.request_id ?? randomUUID();
      log.debug({ request_id: requestId, operation: request.operation }, 'started');
      const reply = successFrames(request, requestId, await run(message));
      // The gateway pings all the time.
      const level = request.operation === 'ping' ? 'debug' : 'info';
      log[level]({ ...logged(requestId), status: 'success' }, 'answered');
      return reply;
    } catch (error) {
      const requestId = request?.request_id ?? requestIdOf(frames) ?? randomUUID();
      const reply = errorReply(error, requestId);
      if (faults.has(reply.code)) log.error({ request_id: requestId, err: error }, 'request failed');
      log.info({ ...logged(requestId), status: 'error', code: reply.code }, 'answered');
      return [Buffer.from(JSON.stringify(reply))];
    }
  };

  async function run({ request, image }: Message): Promise<Outcome<OperationName>> {
    const operation = operations[request.operation] as Operation<OperationName>;
    const given = image ?? decodedImage(request);
    if (given !== undefined) checkImageSize(given.length, maxUploadBytes);
    return operation(request, given);
  }
}

/** The errors that are not the client's, and that whoever runs the service has to see with their cause. */
const faults: ReadonlySet<string> = new Set(['internal', 'store_unavailable', 'insufficient_storage']);

function decodedImage(request: RequestOf): Buffer | undefined {
  const { image_data: text } = request as { image_data?: string };
  return text === undefined ? undefined : decodeImageData(text);
}

/** The id of a request that is off in some other way, so that its sender can tell which one it was. */
function requestIdOf([json = Buffer.alloc(0)]: readonly Buffer[]): string | undefined {
  try {
    const { request_id: requestId } = Object(parseJson(json)) as { request_id?: unknown };
    return Check(RequestId, requestId) ? requestId : undefined;
  } catch {
    return undefined;
  }
}
