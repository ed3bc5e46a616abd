import { readImage } from '../body.ts';
import type { Route } from '../door.ts';
import { passingImageHeaders, sendImage } from '../image-response.ts';
import { callerOf } from '../lifetime.ts';
import { commonHeaders, transformationQuery } from '../query.ts';
import { bodyErrors, headers, imageBody, imageResponse, problemResponses, variantMediaTypes } from '../responses.ts';

export const resize: Route = (app, door) => {
  const { ask, budget, config, resolver } = door;
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
      const caller = callerOf(request, reply);
      const image = await readImage(request, reply, { maxUploadBytes: config.maxUploadBytes, budget });
      const parameters = await resolver.resolve(request, reply, { parameters: request.query, image });
      const { reply: made, image: result } = await ask({ operation: 'resize', ...parameters }, { image, ...caller });
      return sendImage(passingImageHeaders(reply, made.media_type), result, budget);
    },
  );
};
