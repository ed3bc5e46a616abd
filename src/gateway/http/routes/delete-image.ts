import type { Route } from '../door.ts';
import { callerSignal } from '../lifetime.ts';
import { commonHeaders, imageParams, noQuery } from '../query.ts';
import { emptyResponse, problemResponses } from '../responses.ts';

export const deleteImage: Route = (app, { ask }) => {
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
      await ask({ operation: 'delete', image_id }, { requestId: request.id, signal: callerSignal(reply) });
      return reply.code(204).send();
    },
  );
};
