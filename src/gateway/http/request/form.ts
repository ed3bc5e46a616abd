import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import type { RequestImage } from '../../service/service-reply.ts';
import { isConnectionLost } from '../response/lifetime.ts';

/** Form field of the image. */
export const imageFieldName = 'image';

/** Limits for other form fields (CSRF token, button name). */
const maxOtherFields = 64;
const maxOtherBytes = 65_536;

/** Limit for what is not a field: headers, delimiters, and text before the first and after the last. */
const maxFramingBytes = 65_536;

export const multipartLimits = { parts: maxOtherFields + 2, fileSize: Number.POSITIVE_INFINITY };

/** Limit for all of a form but its image. */
export const maxFormBytes = maxOtherBytes + maxFramingBytes;

/** Reads the stream of an image. */
export type Collect = (stream: Readable, encoding?: RequestImage['encoding']) => Promise<RequestImage>;

/**
 * Reads the image of a form.
 * @param isParameter whether a field has the name of a parameter that belongs in the query, and must not be ignored
 * @throws RequestError `invalid_request`, `too_large`, or the error of `collect`
 */
export async function readForm(
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
    // @fastify/multipart rejects names that every object has.
    const hasReservedName = (cause as { code?: string }).code === 'FST_PROTO_VIOLATION';
    const message = hasReservedName
      ? 'Expected no field with a name that every object has, such as constructor'
      : 'Expected a complete form as multipart/form-data but it cannot be read';
    throw new RequestError('invalid_request', message, { cause });
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

/** Limits what a form holds outside of its fields, too. */
export function limitLength(form: Readable, maxBytes: number) {
  const controller = new AbortController();
  const { signal } = controller;
  let length = 0;
  form.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) return;
    controller.abort(new RequestError('too_large', `Expected a form of at most ${maxBytes} bytes but received more`));
  });
  const exceeded = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  return { exceeded, signal };
}
