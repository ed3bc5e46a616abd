import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../contract/errors.ts';
import { checkImageSize, tooLarge } from '../../contract/messages.ts';
import { received } from '../../contract/validate.ts';
import type { Budget } from '../budget.ts';
import { isGone, whenDone } from './lifetime.ts';
import { sendContinue } from './plugins/expect-continue.ts';

export const imageField = 'image';

/** What the boundaries and headers around the one file may take; browsers send a few hundred bytes. */
const multipartOverhead = 16_384;

/** A form that has anything but the one file is refused at its first part that is not it, so that few and small ones will do. */
export const multipartLimits = { files: 2, fields: 1, fieldSize: 1024, parts: 8, fileSize: Number.POSITIVE_INFINITY };

interface ReadImageOptions {
  maxUploadBytes: number;
  budget: Budget;
}

type Kind = 'multipart' | 'raw';

/**
 * Reads the one image of a request: the file of a form, or the whole body.
 * Each chunk is copied as it arrives into a buffer made at the start, so that no step takes time in proportion to the image;
 * pages of that buffer that nothing is written to cost no memory.
 * @throws RequestError `unsupported_format`, `too_large`, `overloaded`, `invalid_request`
 */
export async function readImage(
  request: FastifyRequest,
  reply: FastifyReply,
  { maxUploadBytes, budget }: ReadImageOptions,
): Promise<Buffer> {
  const kind = kindOfBody(request);
  const declared = declaredLength(request);
  const most = kind === 'multipart' ? maxUploadBytes + multipartOverhead : maxUploadBytes;
  if (declared !== undefined && declared > most) throw tooLarge(maxUploadBytes);

  const capacity = Math.min(declared ?? maxUploadBytes, maxUploadBytes);
  whenDone(reply.raw, budget.reserve(capacity));
  const target = Buffer.allocUnsafeSlow(capacity);
  const fill = (stream: Readable) => copyInto(target, stream, maxUploadBytes);

  sendContinue(request, reply);
  const image = kind === 'raw' ? await fill(request.raw) : await readForm(request, reply, fill);
  checkImageSize(image.length, maxUploadBytes);
  return image;
}

function kindOfBody(request: FastifyRequest): Kind {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') return 'multipart';
  if (type === 'application/octet-stream' || type.startsWith('image/')) return 'raw';
  throw new RequestError(
    'unsupported_format',
    `Expected the Content-Type multipart/form-data, image/* or application/octet-stream but received ${type ? received(type) : 'none'}`,
    { parameter: 'Content-Type' },
  );
}

/** @returns undefined for a chunked body, which says nothing of its length */
function declaredLength({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

async function copyInto(target: Buffer, stream: Readable, maxBytes: number): Promise<Buffer> {
  let length = 0;
  // A stream that is destroyed on the way out takes the connection with it, and the client would not see the error.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (length + chunk.length > target.length) throw tooLarge(maxBytes);
    length += chunk.copy(target, length);
  }
  return target.subarray(0, length);
}

async function readForm(
  request: FastifyRequest,
  reply: FastifyReply,
  fill: (file: Readable) => Promise<Buffer>,
): Promise<Buffer> {
  let image: Buffer | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') throw notTheFile(`the text field ${received(part.fieldname)}`, part.fieldname);
      if (part.fieldname !== imageField) throw notTheFile(`a file in ${received(part.fieldname)}`, part.fieldname);
      if (image !== undefined) throw notTheFile('more than one', imageField);
      image = await fill(part.file);
    }
  } catch (cause) {
    if (cause instanceof RequestError || isGone(reply.raw)) throw cause;
    throw new RequestError('invalid_request', 'Expected a whole form as multipart/form-data but it cannot be read', {
      cause,
    });
  }
  if (image === undefined) throw notTheFile('none', imageField);
  return image;
}

function notTheFile(came: string, parameter: string | undefined): RequestError {
  return new RequestError(
    'invalid_request',
    `Expected a form with one file in the field ${imageField} and nothing else but received ${came}`,
    { parameter: parameter ?? imageField },
  );
}
