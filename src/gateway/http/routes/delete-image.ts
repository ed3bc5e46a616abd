import type { Route } from '../door.ts';
import { preconditionFailedResponse } from '../openapi/image-schemas.ts';
import { emptyResponse, problemResponses } from '../openapi/responses.ts';
import { failedPrecondition, preconditionError } from '../request/conditions.ts';
import { conditionHeaders, imageParams } from '../request/schemas.ts';

export const deleteImage: Route = (app, { service }) => {
  app.delete(
    '/images/:image_id',
    {
      config: { operation: 'delete' },
      schema: {
        operationId: 'deleteImage',
        summary: 'Delete a stored image',
        description: 'Deletes an image. Copies in browser caches remain.',
        params: imageParams,
        headers: conditionHeaders,
        response: {
          204: emptyResponse('The image is deleted.'),
          ...problemResponses('not_found'),
          412: preconditionFailedResponse,
        },
      },
    },
    async (request, reply) => {
      const { params, headers, context } = request;
      const { image_id } = params;
      const precondition = failedPrecondition(headers, service.keyOf(image_id)?.etag);
      if (precondition !== undefined) {
        // A missing image is `not_found` instead (RFC 9110, 13.2.1).
        await service.perform<'retrieve'>({ operation: 'retrieve', image_id, length: 0 }, context);
        throw preconditionError(precondition, headers);
      }
      await service.perform<'delete'>({ operation: 'delete', image_id }, context);
      return reply.code(204).send();
    },
  );
};
