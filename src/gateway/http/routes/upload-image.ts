import { UploadedImage } from '../../../contract/documented-schemas.ts';
import type { Route } from '../door.ts';
import { prefersHtml } from '../negotiation/prefers-html.ts';
import { imageForm } from '../openapi/request-bodies.ts';
import { bodyErrors, emptyResponse, jsonResponse, problemResponses, responseHeaders } from '../openapi/responses.ts';
import { readUpload } from '../request/image-body.ts';
import { uploadQuery } from '../request/schemas.ts';
import { successReply } from '../response/success-reply.ts';

const { Location } = responseHeaders;

export const uploadImage: Route = (app, door) => {
  const { path } = door.config.publicUrl;
  app.post(
    '/images',
    {
      config: { operation: 'upload' },
      schema: {
        operationId: 'uploadImage',
        summary: 'Store an image',
        description:
          'Stores an image under the SHA-256 of its bytes. The same bytes are stored once, however often they are sent.',
        querystring: uploadQuery,
        body: imageForm,
        response: {
          200: jsonResponse('The image was already stored.', UploadedImage, { Location }),
          201: jsonResponse('The image is stored.', UploadedImage, { Location }),
          303: emptyResponse('The same for a browser form, which is redirected to the image.', { Location }),
          ...problemResponses('insufficient_storage', ...bodyErrors),
        },
      },
    },
    async (request, reply) => {
      const { context } = request;
      const image = await readUpload(request, reply, door);
      const { fields } = await door.service.perform<'upload'>({ operation: 'upload' }, context, image);
      const location = `${path}/images/${fields.image_id}`;
      if (prefersHtml(request.headers.accept)) return reply.redirect(location, 303);
      return reply
        .code(fields.created ? 201 : 200)
        .header('location', location)
        .send(successReply('upload', context, fields));
    },
  );
};
