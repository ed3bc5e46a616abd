import { readImage } from '../body.ts';
import type { Route } from '../door.ts';
import { passingImageHeaders, sendImage } from '../image-response.ts';
import { callerSignal } from '../lifetime.ts';
import { commonHeaders, transformationQuery } from '../query.ts';
import { resolveParameters } from '../resolve-parameters.ts';
import { bodyErrors, headers, imageBody, imageResponse, problemResponses, variantMediaTypes } from '../responses.ts';

export const resize: Route = (app, door) => {
  const { ask, budget, config } = door;
  app.post(
    '/resize',
    {
      schema: {
        operationId: 'resizeImage',
        tags: ['images'],
        summary: 'Transform an image without storing it',
        description: 'Takes an image, answers with the one made from it, and keeps neither.',
        headers: commonHeaders,
        querystring: transformationQuery,
        body: imageBody,
        response: {
          200: imageResponse('The image that was made.', { Vary: headers.Vary }, variantMediaTypes),
          ...problemResponses('forbidden', ...bodyErrors),
        },
      },
    },
    async (request, reply) => {
      const signal = callerSignal(reply);
      const image = await readImage(request, reply, { maxUploadBytes: config.maxUploadBytes, budget });
      const options = { image, requestId: request.id, signal };
      const parameters = await resolveParameters(request, reply, door, { parameters: request.query, options });
      const { reply: made, image: result } = await ask({ operation: 'resize', ...parameters }, options);
      return sendImage(passingImageHeaders(reply, made.media_type), result, budget);
    },
  );
};
