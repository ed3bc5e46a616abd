import type { FastifyReply, FastifyRequest } from 'fastify';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import { HttpError } from '../response/problem.ts';

/**
 * Rejects a body with a content coding such as gzip, whose bytes would be taken for the image, and one with a transfer
 * coding besides chunked, which Node.js leaves undecoded.
 * @throws RequestError `unsupported_format`, with Accept-Encoding (RFC 9110, 15.5.16); HttpError 501 (RFC 9112, 6.1)
 */
export function checkBodyEncoding({ headers }: FastifyRequest, reply: FastifyReply): void {
  const { 'transfer-encoding': transfer, 'content-encoding': content } = headers;
  if (hasCodingBesides('chunked', transfer)) {
    const message = `Expected the Transfer-Encoding chunked or none but received ${received(transfer)}`;
    throw new HttpError(501, message, { parameter: 'Transfer-Encoding' });
  }
  if (hasCodingBesides('identity', content)) {
    reply.header('accept-encoding', 'identity');
    throw new RequestError('unsupported_format', `Expected no Content-Encoding but received ${received(content)}`, {
      parameter: 'Content-Encoding',
    });
  }
}

function hasCodingBesides(known: string, codings = ''): boolean {
  return codings.split(',').some((coding) => !['', known].includes(coding.trim().toLowerCase()));
}
