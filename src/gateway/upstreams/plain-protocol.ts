import { checkOffset, resolveByteRange } from '../../contract/byte-range.ts';
import { publicError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { parseJson } from '../../contract/messages.ts';
import { operations } from '../../contract/operations.ts';
import { base64Frame } from '../zmq/base64-frame.ts';
import { withImageText } from './base64.ts';
import { errorFrames, unsupported } from './errors.ts';
import { isPlainOperation, type PlainOperation, type PlainReply, readPlainReply } from './plain-reply.ts';
import type { Protocol, Send } from './protocol.ts';

interface PlainRequest extends Record<string, unknown> {
  operation: PlainOperation;
  request_id: string;
}

/** Of the results, for the caches: such a server has none of its own. */
const version = 'plain';

/** Restrictions of an upload that such a server does not know, and that must not be lost. */
const restrictions = { expected_id: 'PUT', max_bytes: 'grants', formats: 'grants' } as const;

/** Fields that are between this gateway and a worker or an imgwire node. */
const ownFields: ReadonlySet<string> = new Set([
  ...['deadline', 'report', 'hops', 'timeout_ms', 'transfer_encoding', 'image_encoding', 'traceparent', 'tracestate'],
  ...['accept', 'others', 'tell_version', 'offset', 'length', 'range'],
]);

/** A REP server that knows upload, retrieve and resize with base64, and answers one request after the other. */
export function createPlainProtocol(): Protocol {
  async function ask(request: PlainRequest, frame: Buffer | undefined, isText: boolean, send: Send) {
    const json = Object.fromEntries(Object.entries(request).filter(([name]) => !ownFields.has(name)));
    const message = frame && (isText ? await withImageText(json, frame) : await base64Frame(json, frame));
    const reply = await send([message ?? Buffer.from(JSON.stringify(json))]);
    return readPlainReply(request.operation, reply);
  }

  return {
    name: 'plain',
    patienceMs: undefined,
    async exchange([json, frame], send) {
      const request = parseJson(json as Buffer) as PlainRequest;
      const { operation, request_id: requestId, transfer_encoding: encoding } = request;
      if ((operation as string) === 'ping') {
        await send([Buffer.from(JSON.stringify({ operation, request_id: requestId }))]);
        return [toFrame({ ...head('ping', requestId), version })];
      }
      try {
        check(request);
        const reply = await ask(request, frame, request.image_encoding === 'base64', send);
        const { fields, image } = operation === 'retrieve' ? sliceOf(reply, request as never) : reply;
        const answer = { ...head(operation, requestId), ...fields, ...(request.tell_version === true && { version }) };
        if (image === undefined) return [toFrame(answer)];
        return encoding === 'binary' ? [toFrame(answer), image] : [await base64Frame(answer, image)];
      } catch (error) {
        const known = publicError(error);
        // A lost socket: for the lane.
        if (known !== error) throw error;
        return errorFrames(known, requestId);
      }
    },
  };
}

function check(request: PlainRequest): void {
  if (!isPlainOperation(request.operation)) throw unsupported(request.operation);
  if (request.variants !== undefined) throw unsupported('make variants');
  for (const [field, what] of Object.entries(restrictions)) {
    if (request[field] !== undefined) throw unsupported(`check what ${what} promise`);
  }
}

/** Such a server sends the whole image. */
function sliceOf({ fields, image = Buffer.alloc(0) }: PlainReply, request: LaneRequest<'retrieve'>): PlainReply {
  const part = resolveByteRange(image.length, request);
  checkOffset(image.length, part);
  const { offset, length } = part;
  return {
    fields: request.range === undefined ? fields : { ...fields, offset },
    image: image.subarray(offset, offset + length),
  };
}

function head(operation: PlainOperation | 'ping', requestId: string) {
  return { status: 'success', request_id: requestId, message: operations[operation].message };
}

const toFrame = (reply: object) => Buffer.from(JSON.stringify(reply));
