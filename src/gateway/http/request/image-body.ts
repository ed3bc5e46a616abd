import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { checkImageSize, tooLarge } from '../../../contract/messages.ts';
import { received } from '../../../contract/validate.ts';
import type { HttpDoor } from '../door.ts';
import { sendContinue } from '../plugins/expectations.ts';
import { isGone, onResponseEnd } from '../response/lifetime.ts';
import { readAtMinimumRate } from './minimum-rate.ts';

export const imageField = 'image';

/** For other form fields (CSRF token, button name). */
const maxOtherFields = 64;
const maxOtherBytes = 65_536;

export const multipartLimits = { parts: maxOtherFields + 2, fileSize: Number.POSITIVE_INFINITY };

/** Bytes reserved per byte received, up to the image's size, to refuse early. */
const reservedPerByte = 4;

type Collect = (stream: Readable) => Promise<Buffer>;

/** Reads the image of an upload, which a grant may limit. */
export function readUpload(request: FastifyRequest, reply: FastifyReply, door: HttpDoor): Promise<Buffer> {
  const { max_bytes: granted = Number.POSITIVE_INFINITY } = request.context.permission.grant ?? {};
  const maxUploadBytes = Math.min(granted, door.config.maxUploadBytes);
  return readImage(request, reply, { ...door, config: { maxUploadBytes } });
}

interface BodyOptions extends Pick<HttpDoor, 'budget' | 'transferRate'> {
  config: Pick<HttpDoor['config'], 'maxUploadBytes'>;
}

/**
 * Reads a form's file or the whole body. Its budget is held until the response is out.
 * @throws RequestError `unsupported_format`, `too_large`, `overloaded`, `invalid_request`; HttpError 408
 */
export async function readImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { config: { maxUploadBytes }, budget, transferRate }: BodyOptions,
): Promise<Buffer> {
  const isForm = isMultipart(request);
  const declared = declaredLength(request);
  const most = isForm ? maxUploadBytes + maxOtherBytes : maxUploadBytes;
  if (declared !== undefined && declared > most) throw tooLarge(maxUploadBytes);
  const capacity = Math.min(declared ?? maxUploadBytes, maxUploadBytes);
  // Check only: anyone could exhaust a budget reserved by announcements.
  if (declared !== undefined) budget.check(capacity);

  const reservation = budget.reserve();
  let [arrived, reserved] = [0, 0];
  onResponseEnd(request.raw, reply.raw, reservation.release);
  sendContinue(request, reply);
  const image = await readAtMinimumRate(request, transferRate, (signal) => {
    const collect: Collect = (stream) =>
      collectChunks(stream, capacity, maxUploadBytes, (bytes) => {
        signal.throwIfAborted();
        arrived += bytes;
        const due = Math.min(reservedPerByte * arrived, capacity) - reserved;
        if (due <= 0) return;
        reservation.grow(due);
        reserved += due;
      });
    return isForm ? readForm(request, reply, collect) : collect(request.raw);
  });
  checkImageSize(image.length, maxUploadBytes);
  return image;
}

function isMultipart(request: FastifyRequest): boolean {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') return true;
  // Without a type a body is octets (RFC 9110, 8.3), as `curl -T` sends it.
  if (type === '' && request.method === 'PUT') return false;
  if (type === 'application/octet-stream' || type.startsWith('image/')) return false;
  throw new RequestError(
    'unsupported_format',
    `Expected the Content-Type multipart/form-data, image/* or application/octet-stream but received ${type ? received(type) : 'none'}`,
    { parameter: 'Content-Type' },
  );
}

/** @returns undefined for a chunked body */
function declaredLength({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

/** Copies on arrival: joining at the end would block. */
async function collectChunks(
  stream: Readable,
  capacity: number,
  maxBytes: number,
  onArrival: (bytes: number) => void,
): Promise<Buffer> {
  let target: Buffer | undefined;
  let length = 0;
  // Destroying it would close the connection before the error is out.
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
  const others: string[] = [];
  let otherBytes = 0;
  try {
    // Streams, so that nothing is buffered; filename and type are optional (RFC 7578, 4.2).
    for await (const part of request.files({ isPartAFile: () => true })) {
      if (part.fieldname === imageField) {
        if (image !== undefined) throw wrongForm('more than one');
        image = await collect(part.file);
      } else {
        if (others.push(part.fieldname) > maxOtherFields) throw tooMuchElse(others, image);
        for await (const chunk of part.file.iterator({ destroyOnReturn: false })) {
          otherBytes += chunk.length;
          if (otherBytes > maxOtherBytes) throw tooMuchElse(others, image);
        }
      }
    }
  } catch (cause) {
    if (cause instanceof RequestError || isGone(reply.raw)) throw cause;
    throw new RequestError('invalid_request', 'Expected a whole form as multipart/form-data but it cannot be read', {
      cause,
    });
  }
  if (image === undefined) throw wrongForm(others.length > 0 ? `only ${received(others.join(', '))}` : 'none');
  return image;
}

function wrongForm(came: string): RequestError {
  const message = `Expected a form with one file in the field ${imageField} but received ${came}`;
  return new RequestError('invalid_request', message, { parameter: imageField });
}

/** A file under another name is the more likely mistake. */
function tooMuchElse(others: readonly string[], image: Buffer | undefined): RequestError {
  if (image === undefined && others.length === 1) return wrongForm(`${received(others[0])} first`);
  const message = `Expected at most ${maxOtherFields} other fields of ${maxOtherBytes} bytes in all beside ${imageField} but received more`;
  return new RequestError('too_large', message);
}
