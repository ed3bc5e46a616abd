import { errorOf, parseJson } from '../../contract/messages.ts';
import { type ErrorReply, operations, type RequestOf } from '../../contract/operations.ts';
import { parameterSets } from '../../contract/variants.ts';
import type { Dispatcher, Job } from '../dispatch/dispatcher.ts';
import { base64Frame } from './base64.ts';
import type { Caller } from './flights.ts';
import type { Result } from './result.ts';
import { isStored, type Results } from './results.ts';

/** A job whose request is known here; without one it goes to a worker as it is. */
export type Asked = Job & { request?: RequestOf | undefined };

/** Answers in frames, as a worker does: from the caches where that is possible. */
export type Serve = (asked: Asked) => Promise<Buffer[]>;

/** Bytes; it holds two ids and a few words. */
const largestDeleteReply = 1024;

export function createServe(dispatcher: Pick<Dispatcher, 'dispatch'>, results: Results): Serve {
  return async ({ request, ...job }) => {
    const caller: Caller = job;
    switch (request?.operation) {
      case 'resize': {
        if (!isStored(request)) break;
        if (request.variants === undefined) return frames(request, await results.resize(request, caller));
        return frames(request, await results.resizeAll(request.image_id, parameterSets(request), caller));
      }
      case 'retrieve': {
        const isBinary = request.transfer_encoding === 'binary';
        // Its worker encodes an image that has to be read anyway.
        const known = isBinary || results.recall(results.keyOf(request.image_id)) !== undefined;
        const original = known ? await results.original(request, caller) : undefined;
        if (original === undefined) break;
        return frames(request, original);
      }
      case 'delete':
        return results.delete(request.image_id, async () => {
          const reply = await dispatcher.dispatch(job);
          const answer = parseJson(reply[0] as Buffer) as { status: 'success' } | ErrorReply;
          if (answer.status === 'error') throw errorOf(answer);
          return reply;
        });
    }
    const reply = await dispatcher.dispatch(job);
    if (request === undefined) await forgetDeleted(reply);
    return reply;
  };

  /** What could not be read at the door may have been a deletion: its reply alone has an id and says of nothing created. */
  async function forgetDeleted([json, ...images]: Buffer[]): Promise<void> {
    if (json === undefined || images.length > 0 || json.length > largestDeleteReply) return;
    const { image_id: imageId, created } = JSON.parse(json.toString()) as { image_id?: string; created?: boolean };
    if (imageId !== undefined && created === undefined) await results.delete(imageId, async () => {});
  }
}

/** The frames of a reply as a worker makes them: `image_data` last. */
async function frames(request: RequestOf, made: Result | readonly Result[]): Promise<Buffer[]> {
  const { operation, request_id, transfer_encoding } = request;
  const isList = Array.isArray(made);
  const list: readonly Result[] = isList ? made : [made as Result];
  const images = list.map(({ image }) => image);
  const fields = isList ? { variants: list.map((one) => one.fields) } : (made as Result).fields;
  const reply = { status: 'success', request_id, message: operations[operation].message, ...fields };
  if (transfer_encoding === 'binary') return [Buffer.from(JSON.stringify(reply)), ...images];
  return [await base64Frame(reply, isList ? images : (images[0] as Buffer))];
}
