import { isUtf8 } from 'node:buffer';
import { rejectDuplicateNames } from './duplicate-names.ts';
import { received } from './error-text.ts';
import { type ErrorCode, errorCodes, publicError, RequestError } from './errors.ts';
import type { ErrorReply } from './message-schemas.ts';
import { operations, type RequestOf } from './operations.ts';
import type { Stage } from './stages.ts';
import { checkRequest, type RequestCheck } from './validate.ts';

export interface Message<R extends RequestOf = RequestOf> {
  request: R;
  image?: Buffer;
}

const maxMessageFrames = 2;

/**
 * Parses a JSON frame and at most one image frame.
 * @param check default: against the schemas for clients
 * @param parse default: `parseClientJson`
 * @throws RequestError `invalid_request`, `invalid_operation`
 */
export function parseMessage(
  frames: readonly Buffer[],
  check: RequestCheck = checkRequest,
  parse = parseClientJson,
): Message {
  const [json, image] = frames;
  if (json === undefined || frames.length > maxMessageFrames) {
    throw new RequestError(
      'invalid_request',
      `Expected one frame of JSON and at most one of image data but received ${frames.length} frames`,
    );
  }
  const request = check(parse(json));
  checkInput(request, image);
  return image === undefined ? { request } : { request, image };
}

/** @throws RequestError `invalid_request` */
export function parseJson(frame: Buffer): unknown {
  return parseText(decodeUtf8(frame));
}

/** @throws RequestError `invalid_request`, also for a duplicate name */
export function parseClientJson(frame: Buffer): unknown {
  const text = decodeUtf8(frame);
  const value = parseText(text);
  rejectDuplicateNames(text, value);
  return value;
}

function decodeUtf8(frame: Buffer): string {
  if (frame.length === 0) {
    throw new RequestError('invalid_request', 'Expected a JSON object but received an empty message');
  }
  if (!isUtf8(frame)) throw new RequestError('invalid_request', 'Expected JSON in UTF-8 but received invalid UTF-8');
  // .NET and PowerShell may write a byte order mark, which recipients may ignore (RFC 8259, 8.1).
  return frame.toString().replace(/^\uFEFF/, '');
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RequestError('invalid_request', `Expected a JSON object but received ${received(text)}`, { cause });
  }
}

/** @throws RequestError `invalid_request` for a missing, surplus or second image */
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
  const sources = [
    ...(fields.image_id === undefined ? [] : ['image_id']),
    ...(fields.image_data === undefined ? [] : ['image_data']),
    ...(frame === undefined ? [] : ['a second frame']),
  ];
  if (sources.length === 1) return;
  const choices = input === 'image' ? 'image_data or a second frame' : 'one of image_id, image_data or a second frame';
  const found = sources.length === 0 ? 'none' : sources.join(' and ');
  throw new RequestError('invalid_request', `Expected ${choices} with the image but received ${found}`, {
    parameter: input === 'image' || fields.image_id === undefined ? 'image_data' : 'image_id',
  });
}

/** @throws RequestError `too_large`, `invalid_request` for 0 bytes */
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

export function errorReply(error: unknown, requestId: string | undefined): ErrorReply {
  const { code, message, parameter, retryAfter } = publicError(error);
  return {
    status: 'error',
    code,
    message,
    ...(parameter === undefined ? {} : { parameter }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

export function errorOf(reply: ErrorReply, stage?: Stage): RequestError {
  const code: ErrorCode = Object.hasOwn(errorCodes, reply.code) ? reply.code : 'internal';
  const { message, parameter, retry_after } = reply;
  return new RequestError(code, message, { parameter, retryAfter: retry_after, stage });
}
