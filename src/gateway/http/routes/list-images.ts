import { operations, replySchemas } from '../../../contract/operations.ts';
import { Type } from '../../../contract/typebox.ts';
import type { Route } from '../door.ts';
import { jsonResponse, problemResponses } from '../openapi/responses.ts';
import { commonHeaders } from '../request/query.ts';
import { successReply } from '../response/success-reply.ts';

const { limit, cursor } = operations.list.request;

export const listImages: Route = (app, { service }) => {
  app.get(
    '/images',
    {
      schema: {
        operationId: 'listImages',
        tags: ['images'],
        summary: 'List the stored images',
        description: 'A page of the stored images, in the order of their ids; next_cursor leads to the next page.',
        headers: commonHeaders,
        querystring: Type.Object({ limit, cursor }, { additionalProperties: false }),
        response: { 200: jsonResponse('A page of images.', replySchemas.list), ...problemResponses() },
      },
    },
    async (request, reply) => {
      const { context, query } = request;
      const { fields } = await service.perform<'list'>({ operation: 'list', ...query }, context);
      return reply.send(successReply('list', context, fields));
    },
  );
};
