import { RequestError } from '../../contract/errors.ts';
import { forwardedSchemas, type LaneRequest } from '../../contract/lane.ts';
import { checkImageSize, checkInput, parseJson, parseMessage, tooLarge } from '../../contract/messages.ts';
import { type OperationName, operationNames, RequestId, type RequestOf } from '../../contract/operations.ts';
import { Compile } from '../../contract/typebox.ts';
import { checkRequest, createRequestCheck, type RequestCheck } from '../../contract/validate.ts';
import type { RequestImage } from '../service/service-reply.ts';
import { readLargeRequest, unescapeBase64 } from './large-request.ts';

/** In one go, in well under a millisecond. */
const maxParsedBytes = 65_536;

/** A base64 image, and room for the rest. */
export function maxJsonBytes(maxUploadBytes: number): number {
  return Math.ceil(maxUploadBytes / 3) * 4 + maxParsedBytes;
}

export interface IncomingRequest {
  request: RequestOf;
  /** As it was sent, with names and values that a signature covers. */
  given: object;
  /** From the second frame, or from `image_data` of a large request. */
  image(): Promise<RequestImage | undefined>;
}

/** @throws RequestError `invalid_request`, `invalid_operation`, `too_large` */
export function readRequest(body: readonly Buffer[], maxUploadBytes: number): IncomingRequest {
  const [json, frame] = body;
  if (json === undefined) {
    throw new RequestError('invalid_request', 'Expected an empty delimiter frame and then a JSON object');
  }
  if (json.length > maxJsonBytes(maxUploadBytes)) throw tooLarge(maxUploadBytes);
  if (json.length > maxParsedBytes) {
    if (body.length === 1) return readWithImage(json);
    throw new RequestError(
      'invalid_request',
      `Expected at most ${maxParsedBytes} bytes of JSON beside a second frame but received ${json.length}`,
    );
  }
  let given: object = {};
  const { request } = parseMessage(body, (value) => {
    given = Object(value);
    return check(value);
  });
  const { image_encoding: encoding } = request as LaneRequest<'upload'>;
  if (frame !== undefined) checkImageSize(frame.length, encoding ? maxJsonBytes(maxUploadBytes) : maxUploadBytes);
  return { request, given, image: async () => frame && { bytes: frame, ...(encoding && { encoding }) } };
}

let forwardedCheck: RequestCheck | undefined;

const check: RequestCheck = (value) => {
  if (!(Object(value).hops >= 1)) return checkRequest(value);
  // Compiled once another gateway sends one.
  forwardedCheck ??= createRequestCheck(forwardedSchemas);
  return forwardedCheck(value);
};

function readWithImage(json: Buffer): IncomingRequest {
  const { value, text } = readLargeRequest(json);
  const checked = check(value);
  checkInput(checked, undefined);
  const { image_data: _, ...request } = checked as LaneRequest<'upload'>;
  return { request, given: value, image: async () => ({ bytes: await unescapeBase64(text), encoding: 'base64' }) };
}

const requestId = Compile(RequestId);

/** What an invalid request says of itself, for its reply and for monitoring. */
export function readSender([json]: readonly Buffer[]): Partial<Pick<RequestOf, 'request_id' | 'operation'>> {
  if (json === undefined) return {};
  try {
    const value = json.length > maxParsedBytes ? readLargeRequest(json).value : parseJson(json);
    const { request_id, operation } = Object(value) as Record<string, unknown>;
    return {
      ...(requestId.Check(request_id) && { request_id }),
      ...(operationNames.includes(operation as OperationName) && { operation: operation as OperationName }),
    };
  } catch {
    return {};
  }
}
