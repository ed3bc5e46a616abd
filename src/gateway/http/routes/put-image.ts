import { UploadedImage } from '../../../contract/documented-schemas.ts';
import { received } from '../../../contract/error-text.ts';
import { RequestError } from '../../../contract/errors.ts';
import type { RequestContext } from '../../service/request-context.ts';
import type { Route } from '../door.ts';
import { preconditionFailedResponse } from '../openapi/image-schemas.ts';
import { rawBody } from '../openapi/request-bodies.ts';
import { bodyErrors, jsonResponse, problemResponses } from '../openapi/responses.ts';
import { failedPrecondition, preconditionError } from '../request/conditions.ts';
import { contentTypeOf } from '../request/content-type.ts';
import { readUpload } from '../request/image-body.ts';
import { conditionHeaders, imageParams, uploadQuery } from '../request/schemas.ts';
import { HttpError } from '../response/problem.ts';
import { successReply } from '../response/success-reply.ts';

export const putImage: Route = (app, door) => {
  const { service } = door;

  /** @throws HttpError 412 if the image is not stored, which makes If-Match false (RFC 9110, 13.1.1) */
  async function checkStored(image_id: string, context: RequestContext): Promise<void> {
    try {
      await service.perform<'retrieve'>({ operation: 'retrieve', image_id, length: 0 }, context);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'not_found') throw error;
      throw new HttpError(412, `Expected a stored image for If-Match but ${image_id} is not stored`, {
        parameter: 'If-Match',
        cause: error,
      });
    }
  }

  app.put(
    '/images/:image_id',
    {
      config: { operation: 'upload' },
      schema: {
        operationId: 'putImage',
        summary: 'Store exactly the image with this id',
        description:
          'Stores the bytes of the body if their SHA-256 is the id; otherwise nothing is stored. Safe to repeat, and verified end to end.',
        params: imageParams,
        headers: conditionHeaders,
        querystring: uploadQuery,
        body: rawBody,
        response: {
          200: jsonResponse('The image was already stored.', UploadedImage),
          201: jsonResponse('The image is stored.', UploadedImage),
          ...problemResponses('insufficient_storage', ...bodyErrors),
          412: preconditionFailedResponse,
        },
      },
    },
    async (request, reply) => {
      const { context, params, headers } = request;
      if (contentTypeOf(request).startsWith('multipart/')) {
        const message = `Expected the bytes of the image alone, as image/* or application/octet-stream, but received ${received(request.contentType)}`;
        throw new RequestError('unsupported_format', message, { parameter: 'Content-Type' });
      }
      const { image_id } = params;
      // Assumes that the image is stored, which is checked below.
      const precondition = failedPrecondition(headers, service.keyOf(image_id)?.etag);
      const image = await readUpload(request, reply, door);
      if (precondition === 'If-Match') throw preconditionError(precondition, headers);
      if (headers['if-match'] !== undefined) await checkStored(image_id, context);
      const laneRequest = { operation: 'upload', expected_id: image_id } as const;
      const { fields } = await service.perform<'upload'>(laneRequest, context, image);
      // Only the store can tell, as others may upload the same image; nothing was changed.
      if (precondition === 'If-None-Match' && !fields.created) throw preconditionError(precondition, headers);
      return reply.code(fields.created ? 201 : 200).send(successReply('upload', context, fields));
    },
  );
};
