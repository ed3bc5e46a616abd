import { replySchemas } from '../../../contract/operations.ts';
import type { Route } from '../door.ts';
import { callerSignal } from '../lifetime.ts';
import { commonHeaders, imageParams, noQuery } from '../query.ts';
import { jsonResponse, problemResponses } from '../responses.ts';

export const imageInfo: Route = (app, { ask }) => {
  app.get(
    '/images/:image_id/info',
    {
      schema: {
        operationId: 'getImageInfo',
        tags: ['images'],
        summary: 'Describe an image',
        description: 'Its format, size and colours, read from its header.',
        params: imageParams,
        headers: commonHeaders,
        querystring: noQuery,
        response: {
          200: jsonResponse('What is known of the image.', replySchemas.info),
          ...problemResponses('not_found', 'unsupported_format', 'unprocessable_image'),
        },
      },
    },
    async (request, reply) => {
      const { image_id } = request.params;
      const options = { requestId: request.id, signal: callerSignal(reply) };
      const { reply: described } = await ask({ operation: 'info', image_id }, options);
      return reply.send(described);
    },
  );
};
