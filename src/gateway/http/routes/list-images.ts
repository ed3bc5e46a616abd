import { operations, replySchemas } from '../../../contract/operations.ts';
import { Type } from '../../../contract/typebox.ts';
import type { Route } from '../door.ts';
import { callerOf } from '../lifetime.ts';
import { commonHeaders } from '../query.ts';
import { jsonResponse, problemResponses } from '../responses.ts';

const { limit, cursor } = operations.list.request;

export const listImages: Route = (app, { ask }) => {
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
      const { reply: page } = await ask({ operation: 'list', ...request.query }, callerOf(request, reply));
      return reply.send(page);
    },
  );
};
