import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../contract/errors.ts';
import { parseJson } from '../../contract/messages.ts';
import type { TSchema } from '../../contract/typebox.ts';
import { received } from '../../contract/validate.ts';
import { sendContinue } from './plugins/expect-continue.ts';

/** Twenty sets of every parameter there is take a third of it. */
const maxBytes = 65_536;

/**
 * Reads a small JSON body.
 * @throws RequestError `unsupported_format` for another Content-Type, `too_large`, `invalid_request` for what is not a JSON object
 */
export async function readJson(request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new RequestError(
      'unsupported_format',
      `Expected the Content-Type application/json but received ${type ? received(type) : 'none'}`,
      { parameter: 'Content-Type' },
    );
  }
  sendContinue(request, reply);
  const chunks: Buffer[] = [];
  let length = 0;
  // A stream that is destroyed on the way out takes the connection with it, and the client would not see the error.
  for await (const chunk of request.raw.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new RequestError('too_large', `Expected JSON of at most ${maxBytes} bytes but received more`);
    }
    chunks.push(chunk);
  }
  const value = parseJson(Buffer.concat(chunks));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RequestError('invalid_request', `Expected a JSON object but received ${received(value)}`);
}

/** A JSON body as the documents show it. */
export function jsonBody(description: string, schema: TSchema, example: unknown) {
  return { description, content: { 'application/json': { schema, example } } };
}
