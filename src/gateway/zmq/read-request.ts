import { RequestError } from '../../contract/errors.ts';
import { RequestId } from '../../contract/fields.ts';
import { forwardedSchemas, type LaneRequest } from '../../contract/lane.ts';
import { checkImageSize, checkInput, parseJson, parseMessage, tooLarge } from '../../contract/messages.ts';
import { type OperationName, operationNames, type RequestOf } from '../../contract/operations.ts';
import { Compile } from '../../contract/typebox.ts';
import { checkRequest, createRequestCheck, type RequestCheck } from '../../contract/validate.ts';
import type { RequestImage } from '../service/service-reply.ts';
import { maxParsedBytes, readLargeMessage, unescapeBase64 } from './large-message.ts';

/** Limit for a JSON frame: a base64 image, plus room for the other fields. */
export function maxJsonBytes(maxUploadBytes: number): number {
  return Math.ceil(maxUploadBytes / 3) * 4 + maxParsedBytes;
}

export interface IncomingRequest {
  request: RequestOf;
  /** The request as sent: signatures cover its original names and values. */
  raw: object;
  /** Image of the second frame, or of `image_data` in a large request. */
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
  let raw: object = {};
  const { request } = parseMessage(body, (value) => {
    raw = Object(value);
    return check(value);
  });
  const { image_encoding: encoding } = request as LaneRequest<'upload'>;
  if (frame !== undefined) checkImageSize(frame.length, encoding ? maxJsonBytes(maxUploadBytes) : maxUploadBytes);
  return { request, raw, image: async () => frame && { bytes: frame, ...(encoding && { encoding }) } };
}

let forwardedCheck: RequestCheck | undefined;

const check: RequestCheck = (value) => {
  if (!(Object(value).hops >= 1)) return checkRequest(value);
  // Compiled lazily: only other gateways send these.
  forwardedCheck ??= createRequestCheck(forwardedSchemas);
  return forwardedCheck(value);
};

function readWithImage(json: Buffer): IncomingRequest {
  const { value, text } = readLargeMessage(json);
  const checked = check(value);
  checkInput(checked, undefined);
  const { image_data: _, ...request } = checked as LaneRequest<'upload'>;
  return { request, raw: value, image: async () => ({ bytes: await unescapeBase64(text), encoding: 'base64' }) };
}

const requestId = Compile(RequestId);

/** Extracts the valid fields of an invalid request that its reply and monitoring need. */
export function readIdAndOperation([json]: readonly Buffer[]): Partial<Pick<RequestOf, 'request_id' | 'operation'>> {
  if (json === undefined) return {};
  try {
    const value = json.length > maxParsedBytes ? readLargeMessage(json).value : parseJson(json);
    const { request_id, operation } = Object(value) as Record<string, unknown>;
    return {
      ...(requestId.Check(request_id) && { request_id }),
      ...(operationNames.includes(operation as OperationName) && { operation: operation as OperationName }),
    };
  } catch {
    return {};
  }
}
