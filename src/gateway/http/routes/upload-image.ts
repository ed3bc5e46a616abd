import { replySchemas } from '../../../contract/operations.ts';
import { prefersHtml } from '../accept.ts';
import { readImage } from '../body.ts';
import type { Route } from '../door.ts';
import { callerSignal } from '../lifetime.ts';
import { commonHeaders, noQuery } from '../query.ts';
import { bodyErrors, emptyResponse, headers, imageBody, jsonResponse, problemResponses } from '../responses.ts';

const { Location } = headers;

export const uploadImage: Route = (app, { ask, budget, config }) => {
  app.post(
    '/images',
    {
      schema: {
        operationId: 'uploadImage',
        tags: ['images'],
        summary: 'Store an image',
        description:
          'Stores an image under the SHA-256 of its bytes. The same bytes are stored once, however often they are sent.',
        headers: commonHeaders,
        querystring: noQuery,
        body: imageBody,
        response: {
          200: jsonResponse('The image was already stored.', replySchemas.upload, { Location }),
          201: jsonResponse('The image is stored.', replySchemas.upload, { Location }),
          303: emptyResponse('The same, for a form in a browser, which is sent on to the image.', { Location }),
          ...problemResponses('forbidden', 'insufficient_storage', ...bodyErrors),
        },
      },
    },
    async (request, reply) => {
      const signal = callerSignal(reply);
      const image = await readImage(request, reply, { maxUploadBytes: config.maxUploadBytes, budget });
      const { reply: uploaded } = await ask({ operation: 'upload' }, { image, requestId: request.id, signal });
      const location = `/images/${uploaded.image_id}`;
      if (prefersHtml(request.headers.accept)) return reply.redirect(location, 303);
      return reply
        .code(uploaded.created ? 201 : 200)
        .header('location', location)
        .send(uploaded);
    },
  );
};
