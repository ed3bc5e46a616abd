import { ImageInfo } from '../../../contract/documented-schemas.ts';
import type { Route } from '../door.ts';
import { jsonResponse, problemResponses } from '../openapi/responses.ts';
import { imageParams, signedQuery } from '../request/schemas.ts';
import { successReply } from '../response/success-reply.ts';

export const imageInfo: Route = (app, { service }) => {
  app.get(
    '/images/:image_id/info',
    {
      config: { operation: 'info' },
      schema: {
        operationId: 'getImageInfo',
        summary: 'Describe an image',
        description: 'Its format, size and colours, read from its header.',
        params: imageParams,
        querystring: signedQuery,
        response: {
          200: jsonResponse('The properties of the image.', ImageInfo),
          ...problemResponses('not_found', 'unsupported_format', 'unprocessable_image'),
        },
      },
    },
    async (request, reply) => {
      const { context, params } = request;
      const { fields } = await service.perform<'info'>({ operation: 'info', image_id: params.image_id }, context);
      return reply.send(successReply('info', context, fields));
    },
  );
};
