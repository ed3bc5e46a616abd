import { isUtf8 } from 'node:buffer';
import { type ErrorCode, errorCodes, publicError, RequestError, retryAfter } from './errors.ts';
import { type ErrorReply, operations, type RequestOf } from './operations.ts';
import { checkRequest, type RequestCheck, received } from './validate.ts';

/** A request: its JSON, and the second frame where there is one. */
export interface Message<R extends RequestOf = RequestOf> {
  request: R;
  image?: Buffer;
}

const maxFrames = 2;

/**
 * Parses a request of a client: a frame of JSON and at most one of image data.
 * @param check of the JSON; a lane takes fields that clients may not send
 * @throws RequestError `invalid_request`, `invalid_operation`
 */
export function parseMessage(frames: readonly Buffer[], check: RequestCheck = checkRequest): Message {
  const [json, image] = frames;
  if (json === undefined || frames.length > maxFrames) {
    throw new RequestError(
      'invalid_request',
      `Expected one frame of JSON and at most one of image data but received ${frames.length} frames`,
    );
  }
  const request = check(parseJson(json));
  checkInput(request, image);
  return image === undefined ? { request } : { request, image };
}

/** @throws RequestError `invalid_request` for what is not JSON in UTF-8 */
export function parseJson(frame: Buffer): unknown {
  if (frame.length === 0) {
    throw new RequestError('invalid_request', 'Expected a JSON object but received an empty message');
  }
  if (!isUtf8(frame)) throw new RequestError('invalid_request', 'Expected JSON in UTF-8 but received other bytes');
  const text = frame.toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RequestError('invalid_request', `Expected a JSON object but received ${received(text)}`, { cause });
  }
}

/** @throws RequestError where not exactly one image is given to an operation that takes one, or one to an operation that takes none */
export function checkInput(request: RequestOf, frame: Buffer | undefined): void {
  const { input } = operations[request.operation];
  if (input === 'none') {
    if (frame !== undefined) {
      throw new RequestError(
        'invalid_request',
        `Expected no image with ${request.operation} but received a second frame`,
      );
    }
    return;
  }
  const fields = request as { image_data?: string; image_id?: string };
  const given = [
    ...(fields.image_id === undefined ? [] : ['image_id']),
    ...(fields.image_data === undefined ? [] : ['image_data']),
    ...(frame === undefined ? [] : ['a second frame']),
  ];
  if (given.length === 1) return;
  const choices = input === 'image' ? 'image_data or a second frame' : 'one of image_id, image_data or a second frame';
  const came = given.length === 0 ? 'none' : given.join(' and ');
  throw new RequestError('invalid_request', `Expected ${choices} with the image but received ${came}`, {
    parameter: input === 'image' || fields.image_id === undefined ? 'image_data' : 'image_id',
  });
}

/** @throws RequestError `too_large`, or `invalid_request` for an image without a byte */
export function checkImageSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw tooLarge(maxBytes);
  if (bytes === 0) {
    throw new RequestError('invalid_request', 'Expected an image but received 0 bytes', { parameter: 'image_data' });
  }
}

export function tooLarge(maxBytes: number): RequestError {
  return new RequestError('too_large', `Expected an image of at most ${maxBytes} bytes but received more`, {
    parameter: 'image_data',
  });
}

/** The JSON of an error reply; `retry_after` only where another try is worth it. */
export function errorReply(error: unknown, requestId: string | undefined): ErrorReply {
  const { code, message, parameter } = publicError(error);
  const seconds = retryAfter(code);
  return {
    status: 'error',
    code,
    message,
    ...(parameter === undefined ? {} : { parameter }),
    ...(seconds === undefined ? {} : { retry_after: seconds }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** Rebuilds the error from its reply. */
export function errorOf(reply: ErrorReply): RequestError {
  const code: ErrorCode = Object.hasOwn(errorCodes, reply.code) ? reply.code : 'internal';
  return new RequestError(code, reply.message, reply.parameter === undefined ? {} : { parameter: reply.parameter });
}
