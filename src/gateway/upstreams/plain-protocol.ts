import { cutRange } from '../../contract/byte-range.ts';
import { publicError } from '../../contract/errors.ts';
import type { LaneRequest } from '../../contract/lane.ts';
import { parseJson } from '../../contract/messages.ts';
import { operations } from '../../contract/operations.ts';
import { base64Frame } from '../zmq/base64-frame.ts';
import { errorFrames, toFrame } from '../zmq/reply-frames.ts';
import { embedBase64 } from './base64.ts';
import { unsupported } from './errors.ts';
import { isPlainOperation, type PlainOperation, type PlainReply, readPlainReply } from './plain-reply.ts';
import type { Protocol, Send } from './protocol.ts';

interface PlainRequest extends Record<string, unknown> {
  operation: PlainOperation;
  request_id: string;
}

/** Pipeline version for cache keys: such a server does not report one. */
const version = 'plain';

/** Upload restrictions that such a server would silently ignore. */
const restrictions = { expected_id: 'PUT', max_bytes: 'grants', formats: 'grants' } as const;

/** Fields only workers and imgwire nodes understand. */
const internalFields: ReadonlySet<string> = new Set([
  ...['deadline', 'report', 'hops', 'timeout_ms', 'transfer_encoding', 'image_encoding', 'traceparent', 'tracestate'],
  ...['accept', 'others', 'tell_version', 'offset', 'length', 'range'],
]);

/** Protocol of a plain REP server: upload, retrieve and resize with base64, one request at a time. */
export function createPlainProtocol(): Protocol {
  async function ask(request: PlainRequest, frame: Buffer | undefined, isText: boolean, send: Send) {
    const json = Object.fromEntries(Object.entries(request).filter(([name]) => !internalFields.has(name)));
    const message = frame && (isText ? await embedBase64(json, frame) : await base64Frame(json, frame));
    const reply = await send([message ?? Buffer.from(JSON.stringify(json))]);
    return readPlainReply(request.operation, reply);
  }

  return {
    name: 'plain',
    pingTimeoutMs: undefined,
    async exchange([json, frame], send) {
      const request = parseJson(json as Buffer) as PlainRequest;
      const { operation, request_id: requestId, transfer_encoding: encoding } = request;
      if ((operation as string) === 'ping') {
        await send([Buffer.from(JSON.stringify({ operation, request_id: requestId }))]);
        return [toFrame({ ...replyHead('ping', requestId), version })];
      }
      try {
        checkSupported(request);
        const reply = await ask(request, frame, request.image_encoding === 'base64', send);
        const { fields, image } = operation === 'retrieve' ? sliceOf(reply, request as never) : reply;
        const answer = {
          ...replyHead(operation, requestId),
          ...fields,
          ...(request.tell_version === true && { version }),
        };
        if (image === undefined) return [toFrame(answer)];
        return encoding === 'binary' ? [toFrame(answer), image] : [await base64Frame(answer, image)];
      } catch (error) {
        const known = publicError(error);
        // A lost socket, to be handled by the lane.
        if (known !== error) throw error;
        return errorFrames(known, requestId);
      }
    },
  };
}

function checkSupported(request: PlainRequest): void {
  if (!isPlainOperation(request.operation)) throw unsupported(request.operation);
  if (request.variants !== undefined) throw unsupported('make variants');
  for (const [field, what] of Object.entries(restrictions)) {
    if (request[field] !== undefined) throw unsupported(`enforce the restrictions of ${what}`);
  }
}

/** Cuts out the requested range, as such a server returns the whole image. */
function sliceOf({ fields, image = Buffer.alloc(0) }: PlainReply, request: LaneRequest<'retrieve'>): PlainReply {
  const { offset, bytes } = cutRange(image, request);
  return { fields: request.range === undefined ? fields : { ...fields, offset }, image: bytes };
}

function replyHead(operation: PlainOperation | 'ping', requestId: string) {
  return { status: 'success', request_id: requestId, message: operations[operation].message };
}
