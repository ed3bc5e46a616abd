import type { Route } from '../door.ts';
import { emptyResponse, problemResponses } from '../openapi/responses.ts';
import { commonHeaders, imageParams, noQuery } from '../request/query.ts';

export const deleteImage: Route = (app, { service }) => {
  app.delete(
    '/images/:image_id',
    {
      schema: {
        operationId: 'deleteImage',
        tags: ['images'],
        summary: 'Delete a stored image',
        description: 'Deletes an image. Copies that caches hold are not recalled.',
        params: imageParams,
        headers: commonHeaders,
        querystring: noQuery,
        response: { 204: emptyResponse('The image is deleted.'), ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request, reply) => {
      const { image_id } = request.params;
      await service.perform<'delete'>({ operation: 'delete', image_id }, request.context);
      return reply.code(204).send();
    },
  );
};
