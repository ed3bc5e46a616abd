import { ImagePage } from '../../../contract/documented-schemas.ts';
import { operations } from '../../../contract/operations.ts';
import { Type } from '../../../contract/typebox.ts';
import type { Route } from '../door.ts';
import { jsonResponse, problemResponses } from '../openapi/responses.ts';
import { sendWithinBudget } from '../response/send-within-budget.ts';
import { successReply } from '../response/success-reply.ts';

const { limit, order, cursor } = operations.list.request;

export const listImages: Route = (app, door) => {
  const { service } = door;
  app.get(
    '/images',
    {
      config: { operation: 'list' },
      schema: {
        operationId: 'listImages',
        summary: 'List the stored images',
        description:
          'A page of the stored images, sorted by id or newest first. A next_cursor means that there are more, even if the page has fewer than limit.',
        querystring: Type.Object({ limit, order, cursor }, { additionalProperties: false }),
        response: { 200: jsonResponse('A page of images.', ImagePage), ...problemResponses() },
      },
    },
    async (request, reply) => {
      const { context, query } = request;
      const { fields } = await service.perform<'list'>({ operation: 'list', ...query }, context);
      // The JSON of a thousand images exceeds the kernel's buffers.
      const bytes = Buffer.from(JSON.stringify(successReply('list', context, fields)));
      sendWithinBudget(reply.type('application/json; charset=utf-8'), bytes, door);
      return reply;
    },
  );
};
