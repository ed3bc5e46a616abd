import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import { checkImageSize, tooLarge } from '../../../contract/messages.ts';
import type { HttpDoor } from '../door.ts';
import { sendContinue } from '../plugins/expectations.ts';
import { isConnectionLost, onResponseEnd } from '../response/lifetime.ts';
import { checkBodyEncoding } from './body-encoding.ts';
import { contentTypeError, contentTypeOf } from './content-type.ts';
import { readAtMinimumRate } from './minimum-rate.ts';

/** Form field of the image. */
export const imageFieldName = 'image';

/** Limits for other form fields (CSRF token, button name). */
const maxOtherFields = 64;
const maxOtherBytes = 65_536;

export const multipartLimits = { parts: maxOtherFields + 2, fileSize: Number.POSITIVE_INFINITY };

/** Bytes reserved per byte received, up to the image's size, so that the budget refuses early. */
const reservedPerByte = 4;

type Collect = (stream: Readable) => Promise<Buffer>;

/** Reads the image of an upload, within the limit of its grant. */
export function readUpload(request: FastifyRequest, reply: FastifyReply, door: HttpDoor): Promise<Buffer> {
  const { max_bytes: granted = Number.POSITIVE_INFINITY } = request.context.permission.grant ?? {};
  const maxUploadBytes = Math.min(granted, door.config.maxUploadBytes);
  return readImage(request, reply, { ...door, config: { maxUploadBytes } });
}

interface BodyOptions extends Pick<HttpDoor, 'budget' | 'transferRate'> {
  config: Pick<HttpDoor['config'], 'maxUploadBytes'>;
}

/**
 * Reads the file of a form, or the raw body. Its budget stays reserved until the response is sent.
 * @throws RequestError `unsupported_format`, `too_large`, `overloaded`, `invalid_request`; HttpError 408, 501
 */
export async function readImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { config: { maxUploadBytes }, budget, transferRate }: BodyOptions,
): Promise<Buffer> {
  const isForm = isMultipart(request);
  checkBodyEncoding(request, reply);
  const declared = declaredLength(request);
  const maxBodyBytes = isForm ? maxUploadBytes + maxOtherBytes : maxUploadBytes;
  if (declared !== undefined && declared > maxBodyBytes) throw tooLarge(maxUploadBytes);
  const capacity = Math.min(declared ?? maxUploadBytes, maxUploadBytes);
  // Only a check: reserving announced sizes would let anyone exhaust the budget.
  if (declared !== undefined) budget.check(capacity);

  const reservation = budget.reserve();
  let [receivedBytes, reservedBytes] = [0, 0];
  onResponseEnd(request.raw, reply.raw, reservation.release);
  sendContinue(request, reply);
  const image = await readAtMinimumRate(request, transferRate, (signal) => {
    const collect: Collect = (stream) =>
      collectChunks(stream, capacity, maxUploadBytes, (bytes) => {
        signal.throwIfAborted();
        receivedBytes += bytes;
        const due = Math.min(reservedPerByte * receivedBytes, capacity) - reservedBytes;
        if (due <= 0) return;
        reservation.grow(due);
        reservedBytes += due;
      });
    return isForm ? readForm(request, reply, collect) : collect(request.raw);
  });
  checkImageSize(image.length, maxUploadBytes);
  return image;
}

function isMultipart(request: FastifyRequest): boolean {
  const type = contentTypeOf(request);
  if (type === 'multipart/form-data') return true;
  // A body without a type is octets (RFC 9110, 8.3); `curl -T` sends none.
  if (type === '' && request.method === 'PUT') return false;
  if (type === 'application/octet-stream' || type.startsWith('image/')) return false;
  throw contentTypeError('multipart/form-data, image/* or application/octet-stream', type);
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

async function readForm(request: FastifyRequest, reply: FastifyReply, collect: Collect): Promise<Buffer> {
  let image: Buffer | undefined;
  const otherNames: string[] = [];
  let otherBytes = 0;
  try {
    // Treats every part as a file stream, so that none is buffered; filename and type are optional (RFC 7578, 4.2).
    for await (const part of request.files({ isPartAFile: () => true })) {
      if (part.fieldname === imageFieldName) {
        if (image !== undefined) throw formError('more than one');
        image = await collect(part.file);
      } else {
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

/** Assumes that a single oversized field is the image under a wrong name. */
function otherFieldsError(otherNames: readonly string[], image: Buffer | undefined): RequestError {
  if (image === undefined && otherNames.length === 1) return formError(`${received(otherNames[0])} first`);
  const message = `Expected at most ${maxOtherFields} other fields of ${maxOtherBytes} bytes in total besides ${imageFieldName} but received more`;
  return new RequestError('too_large', message);
}
