import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import { checkImageSize, tooLarge } from '../../../contract/messages.ts';
import type { RequestImage } from '../../service/service-reply.ts';
import type { HttpDoor } from '../door.ts';
import { sendContinue } from '../plugins/expectations.ts';
import { onResponseEnd } from '../response/lifetime.ts';
import { checkBodyEncoding } from './body-encoding.ts';
import { contentTypeError, contentTypeOf, formType } from './content-type.ts';
import { type Collect, limitLength, maxFormBytes, readForm } from './form.ts';
import { readAtMinimumRate } from './minimum-rate.ts';

/** Bytes reserved per byte received, up to the image's size, so that the budget refuses early. */
const reservedPerByte = 4;

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
  const maxBodyBytes = isForm ? maxBase64Bytes(maxUploadBytes) + maxFormBytes : maxUploadBytes;
  if (declared !== undefined && declared > maxBodyBytes) throw tooLarge(maxUploadBytes);
  // Only a check: reserving announced sizes would let anyone exhaust the budget.
  if (declared !== undefined) budget.check(Math.min(declared, maxUploadBytes));

  const reservation = budget.reserve();
  let [receivedBytes, reservedBytes] = [0, 0];
  onResponseEnd(request.raw, reply.raw, reservation.release);
  sendContinue(request, reply);
  return readAtMinimumRate(request, transferRate, (signal) => {
    const limit = isForm ? limitLength(request.raw, maxBodyBytes) : undefined;
    const collect: Collect = async (stream, encoding) => {
      const maxBytes = encoding === undefined ? maxUploadBytes : maxBase64Bytes(maxUploadBytes);
      const capacity = Math.min(declared ?? maxBytes, maxBytes);
      const bytes = await collectChunks(stream, capacity, maxUploadBytes, (arrived) => {
        signal.throwIfAborted();
        limit?.signal.throwIfAborted();
        receivedBytes += arrived;
        const due = Math.min(reservedPerByte * receivedBytes, capacity) - reservedBytes;
        if (due <= 0) return;
        reservation.grow(due);
        reservedBytes += due;
      });
      checkImageSize(bytes.length, maxBytes);
      return { bytes, ...(encoding && { encoding }) };
    };
    if (limit === undefined) return collect(request.raw);
    return Promise.race([readForm(request, reply, collect, isParameter), limit.exceeded]);
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
