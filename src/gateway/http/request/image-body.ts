import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import { checkImageSize, tooLarge } from '../../../contract/messages.ts';
import type { RequestImage } from '../../service/service-reply.ts';
import type { HttpDoor } from '../door.ts';
import { sendContinue } from '../plugins/expectations.ts';
import { isConnectionLost, onResponseEnd } from '../response/lifetime.ts';
import { checkBodyEncoding } from './body-encoding.ts';
import { contentTypeError, contentTypeOf, formType } from './content-type.ts';
import { readAtMinimumRate } from './minimum-rate.ts';

/** Form field of the image. */
export const imageFieldName = 'image';

/** Limits for other form fields (CSRF token, button name). */
const maxOtherFields = 64;
const maxOtherBytes = 65_536;

export const multipartLimits = { parts: maxOtherFields + 2, fileSize: Number.POSITIVE_INFINITY };

/** Bytes reserved per byte received, up to the image's size, so that the budget refuses early. */
const reservedPerByte = 4;

type Collect = (stream: Readable, encoding?: RequestImage['encoding']) => Promise<RequestImage>;

/** Reads the image of an upload, within the limit of its grant. */
export function readUpload(request: FastifyRequest, reply: FastifyReply, door: HttpDoor): Promise<RequestImage> {
  const { max_bytes: granted = Number.POSITIVE_INFINITY } = request.context.permission.grant ?? {};
  const maxUploadBytes = Math.min(granted, door.config.maxUploadBytes);
  return readImage(request, reply, { ...door, config: { maxUploadBytes } });
}

interface BodyOptions extends Pick<HttpDoor, 'budget' | 'transferRate'> {
  config: Pick<HttpDoor['config'], 'maxUploadBytes'>;
  /** Whether a form field has the name of a parameter that belongs in the query, and must not be ignored. */
  isParameter?: (name: string) => boolean;
}

/**
 * Reads the file of a form, or the raw body. Its budget stays reserved until the response is sent.
 * @throws RequestError `unsupported_format`, `too_large`, `overloaded`, `invalid_request`; HttpError 408, 501
 */
export async function readImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { config: { maxUploadBytes }, budget, transferRate, isParameter = () => false }: BodyOptions,
): Promise<RequestImage> {
  const isForm = isMultipart(request);
  checkBodyEncoding(request, reply);
  const declared = declaredLength(request);
  const maxBodyBytes = isForm ? maxBase64Bytes(maxUploadBytes) + maxOtherBytes : maxUploadBytes;
  if (declared !== undefined && declared > maxBodyBytes) throw tooLarge(maxUploadBytes);
  // Only a check: reserving announced sizes would let anyone exhaust the budget.
  if (declared !== undefined) budget.check(Math.min(declared, maxUploadBytes));

  const reservation = budget.reserve();
  let [receivedBytes, reservedBytes] = [0, 0];
  onResponseEnd(request.raw, reply.raw, reservation.release);
  sendContinue(request, reply);
  return readAtMinimumRate(request, transferRate, (signal) => {
    const collect: Collect = async (stream, encoding) => {
      const maxBytes = encoding === undefined ? maxUploadBytes : maxBase64Bytes(maxUploadBytes);
      const capacity = Math.min(declared ?? maxBytes, maxBytes);
      const bytes = await collectChunks(stream, capacity, maxUploadBytes, (arrived) => {
        signal.throwIfAborted();
        receivedBytes += arrived;
        const due = Math.min(reservedPerByte * receivedBytes, capacity) - reservedBytes;
        if (due <= 0) return;
        reservation.grow(due);
        reservedBytes += due;
      });
      checkImageSize(bytes.length, maxBytes);
      return { bytes, ...(encoding && { encoding }) };
    };
    return isForm ? readForm(request, reply, collect, isParameter) : collect(request.raw);
  });
}

/** Size of an image in base64, in lines of 76 characters and CRLF (RFC 2045, 6.8). */
function maxBase64Bytes(maxImageBytes: number): number {
  return Math.ceil(maxImageBytes / 57) * 78;
}

function isMultipart(request: FastifyRequest): boolean {
  const type = contentTypeOf(request);
  if (type === formType) {
    // A client that sets the type itself often forgets the boundary.
    if (/;\s*boundary\s*=\s*"?[^\s;"]/i.test(request.contentType)) return true;
    const message = `Expected ${formType} with a boundary but received ${received(request.contentType)}`;
    throw new RequestError('invalid_request', message, { parameter: 'Content-Type' });
  }
  // A body without a type is octets (RFC 9110, 8.3); `curl -T` sends none.
  if (type === '' && request.method === 'PUT') return false;
  if (type === 'application/octet-stream' || /^image\/[^\s,]+$/.test(type)) return false;
  throw contentTypeError(`${formType}, image/* or application/octet-stream`, type);
}

/** @returns Content-Length in bytes; undefined for a chunked body */
function declaredLength({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

/** Copies chunks as they arrive, since concatenating at the end would block the event loop. */
async function collectChunks(
  stream: Readable,
  capacity: number,
  maxBytes: number,
  onArrival: (bytes: number) => void,
): Promise<Buffer> {
  let target: Buffer | undefined;
  let length = 0;
  // Destroying the stream would close the connection before the error is sent.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (length + chunk.length > capacity) throw tooLarge(maxBytes);
    onArrival(chunk.length);
    target ??= Buffer.allocUnsafeSlow(capacity);
    length += chunk.copy(target, length);
  }
  return target?.subarray(0, length) ?? Buffer.alloc(0);
}

async function readForm(
  request: FastifyRequest,
  reply: FastifyReply,
  collect: Collect,
  isParameter: (name: string) => boolean,
): Promise<RequestImage> {
  let image: RequestImage | undefined;
  const otherNames: string[] = [];
  let otherBytes = 0;
  try {
    // Treats every part as a file stream, so that none is buffered; filename and type are optional (RFC 7578, 4.2).
    for await (const part of request.files({ isPartAFile: () => true })) {
      if (part.fieldname === imageFieldName) {
        if (image !== undefined) throw formError('more than one');
        image = await collect(part.file, encodingOf(part));
      } else {
        if (isParameter(part.fieldname)) throw misplacedParameter(part.fieldname);
        if (otherNames.push(part.fieldname) > maxOtherFields) throw otherFieldsError(otherNames, image);
        for await (const chunk of part.file.iterator({ destroyOnReturn: false })) {
          otherBytes += chunk.length;
          if (otherBytes > maxOtherBytes) throw otherFieldsError(otherNames, image);
        }
      }
    }
  } catch (cause) {
    if (cause instanceof RequestError || isConnectionLost(reply.raw)) throw cause;
    throw new RequestError('invalid_request', 'Expected a complete form as multipart/form-data but it cannot be read', {
      cause,
    });
  }
  if (image === undefined) throw formError(otherNames.length > 0 ? `only ${received(otherNames.join(', '))}` : 'none');
  return image;
}

function formError(actual: string): RequestError {
  const message = `Expected a form with one file in the field ${imageFieldName} but received ${actual}`;
  return new RequestError('invalid_request', message, { parameter: imageFieldName });
}

function misplacedParameter(name: string): RequestError {
  const message = `Expected ${name} in the query of the URL but received it in the form`;
  return new RequestError('invalid_request', message, { parameter: name });
}

/** The Content-Transfer-Encoding of a part, which MIME libraries add (RFC 2045, 6.1). */
function encodingOf({ encoding }: { encoding: string }): RequestImage['encoding'] {
  const name = encoding.trim();
  if (name === 'base64') return name;
  if (['7bit', '8bit', 'binary'].includes(name)) return undefined;
  const message = `Expected the Content-Transfer-Encoding binary or base64 in the field ${imageFieldName} but received ${received(encoding)}`;
  throw new RequestError('invalid_request', message, { parameter: imageFieldName });
}

/** Assumes that a single oversized field is the image under a wrong name. */
function otherFieldsError(otherNames: readonly string[], image: RequestImage | undefined): RequestError {
  if (image === undefined && otherNames.length === 1) return formError(`${received(otherNames[0])} first`);
  const message = `Expected at most ${maxOtherFields} other fields of ${maxOtherBytes} bytes in total besides ${imageFieldName} but received more`;
  return new RequestError('too_large', message);
}
