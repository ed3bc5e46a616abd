import { withPreset } from '../../../contract/presets.ts';
import { isParameter } from '../../access/access.ts';
import type { Route } from '../door.ts';
import { acceptedFormats } from '../negotiation/accepted-formats.ts';
import { vary } from '../negotiation/vary.ts';
import { imageForm } from '../openapi/request-bodies.ts';
import { bodyErrors, imageResponse, problemResponses, responseHeaders } from '../openapi/responses.ts';
import { readImage } from '../request/image-body.ts';
import { transformationQuery } from '../request/schemas.ts';
import { setMediaHeaders } from '../response/image-headers.ts';
import { sendWithinBudget } from '../response/send-within-budget.ts';

export const resize: Route = (app, door) => {
  app.post(
    '/resize',
    {
      config: { operation: 'resize', alwaysTransforms: true },
      schema: {
        operationId: 'resizeImage',
        summary: 'Transform an image without storing it',
        description:
          'Returns the transformed image and stores neither it nor the original. Parameters in the form are refused.',
        querystring: transformationQuery,
        body: imageForm,
        response: {
          200: imageResponse('The transformed image.', { Vary: responseHeaders.Vary }),
          ...problemResponses('not_found', ...bodyErrors),
        },
      },
    },
    async (request, reply) => {
      const { context, headers } = request;
      const { signature: _, expires: __, ...parameters } = request.query;
      const isAuto = withPreset(parameters, door.config.presets).format === 'auto';
      if (isAuto) vary(reply, 'Accept');
      const laneRequest = {
        operation: 'resize',
        ...parameters,
        ...(isAuto && { accept: [...acceptedFormats(headers.accept)] }),
      } as const;
      door.checkQueue('heavy');
      const image = await readImage(request, reply, { ...door, isParameter });
      const { fields, images } = await door.service.perform<'resize'>(laneRequest, context, image);
      setMediaHeaders(reply, fields.media_type);
      sendWithinBudget(reply, images[0] as Buffer, door);
      return reply;
    },
  );
};
