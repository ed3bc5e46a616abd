import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import { parseClientJson } from '../../../contract/messages.ts';
import type { HttpDoor } from '../door.ts';
import { sendContinue } from '../plugins/expectations.ts';
import { checkBodyEncoding } from './body-encoding.ts';
import { contentTypeError, contentTypeOf } from './content-type.ts';
import { readAtMinimumRate } from './minimum-rate.ts';

/** Three times the size of twenty full parameter sets. */
const maxBytes = 65_536;

/**
 * Reads a JSON object.
 * @throws RequestError `unsupported_format` for another Content-Type, `too_large`, `invalid_request`; HttpError 408, 501
 */
export async function readJson(
  request: FastifyRequest,
  reply: FastifyReply,
  { transferRate }: Pick<HttpDoor, 'transferRate'>,
): Promise<object> {
  const type = contentTypeOf(request);
  if (type !== 'application/json') throw contentTypeError('application/json', type);
  checkBodyEncoding(request, reply);
  sendContinue(request, reply);
  const value = parseClientJson(await readAtMinimumRate(request, transferRate, (signal) => collect(request, signal)));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RequestError('invalid_request', `Expected a JSON object but received ${received(value)}`);
}

async function collect({ raw }: FastifyRequest, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Destroying the stream would close the connection before the error is sent.
  for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
    signal.throwIfAborted();
    length += chunk.length;
    if (length > maxBytes) {
      throw new RequestError('too_large', `Expected JSON of at most ${maxBytes} bytes but received more`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
