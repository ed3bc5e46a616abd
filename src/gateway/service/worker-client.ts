import type { LaneReply, LaneRequest } from '../../contract/lane.ts';
import { popReport } from '../../contract/lane-report.ts';
import type { ErrorReply } from '../../contract/message-schemas.ts';
import { errorOf, parseJson } from '../../contract/messages.ts';
import { type OperationName, operations } from '../../contract/operations.ts';
import { canonicalParameters, pickParameters } from '../../contract/parameters.ts';
import { parameterSets } from '../../contract/variants.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { Job, Subject } from '../dispatch/job.ts';
import type { RequestImage, ServiceReply } from './service-reply.ts';
import type { StageObserver } from './stage-observer.ts';
import type { Timings } from './timings.ts';

/** What a job takes from the context of its request, or from the leader of a single flight. */
export type JobContext = Pick<Job, 'requestId' | 'door' | 'deadline' | 'signal'> & { timings: Timings; hops: number };

export interface WorkerReply<N extends OperationName> extends ServiceReply<N> {
  /** Version of the pipeline and codecs that made the result. */
  version?: string | undefined;
}

/** The only way to a worker: encodes the request as JSON with its image as a second frame, and parses the reply. */
export interface WorkerClient {
  /** @throws RequestError from the worker or the dispatcher */
  ask<N extends OperationName>(
    request: LaneRequest<N>,
    context: JobContext,
    image?: RequestImage,
  ): Promise<WorkerReply<N>>;
  /** @returns frames of the worker's reply, which may be an error, in the transfer encoding of the request */
  forward(request: LaneRequest, context: JobContext): Promise<Buffer[]>;
}

/** @param observe called for each stage, except of the gateway's own requests */
export function createWorkerClient({ dispatch }: Pick<Dispatcher, 'dispatch'>, observe: StageObserver): WorkerClient {
  async function send(request: LaneRequest, context: JobContext, image?: RequestImage): Promise<Buffer[]> {
    const { requestId, door, deadline, signal, timings, hops } = context;
    const json = {
      deadline: Date.now() + Math.round(deadline - performance.now()),
      ...request,
      ...(hops > 0 && { hops }),
      request_id: requestId,
      report: true,
      ...(image?.encoding && { image_encoding: image.encoding }),
    };
    const frames = [Buffer.from(JSON.stringify(json)), ...(image === undefined ? [] : [image.bytes])];
    const { weight } = operations[request.operation];
    const subject = subjectOf(request, image);
    const intervalsBefore = timings.intervals.length;
    try {
      const reply = await dispatch({ frames, weight, subject, requestId, door, deadline, signal, timings });
      const report = popReport(reply);
      if (report !== undefined) timings.addReport(report);
      return reply;
    } finally {
      if (door !== 'internal') {
        const { operation } = request;
        for (const { stage, duration } of timings.intervals.slice(intervalsBefore)) observe(operation, stage, duration);
      }
    }
  }

  return {
    async ask<N extends OperationName>(request: LaneRequest<N>, context: JobContext, image?: RequestImage) {
      const binaryRequest = {
        ...request,
        transfer_encoding: 'binary',
        ...(request.operation === 'resize' && { tell_version: true }),
      };
      const [json, ...images] = await send(binaryRequest as LaneRequest, context, image);
      const reply = parseJson(json as Buffer) as { status: 'success' } | ErrorReply;
      if (reply.status === 'error') throw errorOf(reply);
      const { status: _, message: __, request_id: ___, ...payload } = reply as unknown as Record<string, unknown>;
      if (request.operation !== 'resize') return { fields: payload as unknown as LaneReply<N>, images };
      const { version, ...fields } = payload;
      return { fields: fields as unknown as LaneReply<N>, images, version: version as string | undefined };
    },
    forward: send,
  };
}

/** What to blame if the worker crashes; undefined for requests that do not decode an image. */
function subjectOf(request: LaneRequest, image: RequestImage | undefined): Subject | undefined {
  if (operations[request.operation].input === 'none') return undefined;
  const { image_id: imageId, image_data: text } = request as { image_id?: string; image_data?: string };
  const imageOrId = image?.bytes ?? imageId ?? (text === undefined ? undefined : Buffer.from(text, 'base64'));
  if (imageOrId === undefined) return undefined;
  if (request.operation !== 'resize') return { image: imageOrId, watermark: undefined, work: request.operation };
  const sets = request.variants === undefined ? [pickParameters(request)] : parameterSets(request);
  return {
    image: imageOrId,
    watermark: sets.find(({ watermark }) => watermark !== undefined)?.watermark,
    work: `resize?${sets.map(canonicalParameters).join(' ')}`,
  };
}
