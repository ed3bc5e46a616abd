import { UploadedImage } from '../../../contract/documented-schemas.ts';
import { RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import type { Route } from '../door.ts';
import { bodyErrors, jsonResponse, problemResponses, rawBody } from '../openapi/responses.ts';
import { readUpload } from '../request/image-body.ts';
import { imageParams, uploadQuery } from '../request/query.ts';
import { successReply } from '../response/success-reply.ts';

export const putImage: Route = (app, door) => {
  app.put(
    '/images/:image_id',
    {
      config: { operation: 'upload' },
      schema: {
        operationId: 'putImage',
        summary: 'Store exactly the image with this id',
        description:
          'Stores the bytes of the body if their SHA-256 is the id; nothing is stored otherwise. Safe to repeat, and checked from end to end.',
        params: imageParams,
        querystring: uploadQuery,
        body: rawBody,
        response: {
          200: jsonResponse('The image was already stored.', UploadedImage),
          201: jsonResponse('The image is stored.', UploadedImage),
          ...problemResponses('insufficient_storage', ...bodyErrors),
        },
      },
    },
    async (request, reply) => {
      const { context, params, headers } = request;
      const type = headers['content-type'] ?? '';
      if (type.startsWith('multipart/')) {
        const message = `Expected the bytes of the image alone, as image/* or application/octet-stream, but received ${received(type)}`;
        throw new RequestError('unsupported_format', message, { parameter: 'Content-Type' });
      }
      const bytes = await readUpload(request, reply, door);
      const asked = { operation: 'upload', expected_id: params.image_id } as const;
      const { fields } = await door.service.perform<'upload'>(asked, context, { bytes });
      return reply.code(fields.created ? 201 : 200).send(successReply('upload', context, fields));
    },
  );
};
