import { Type } from '../../../contract/typebox.ts';
import type { Route } from '../door.ts';
import { jsonResponse } from '../openapi/responses.ts';

const Health = Type.Object({ status: Type.Literal('ok') }, { title: 'Health' });

export const health: Route = (app) => {
  app.get(
    '/health',
    {
      config: { whileDraining: true, rateLimit: false, right: 'none' },
      schema: {
        operationId: 'getHealth',
        tags: ['service'],
        summary: 'Check that the process is alive',
        description: 'Answers without involving a worker.',
        response: { 200: jsonResponse('The process is alive.', Health, {}, { status: 'ok' }) },
      },
    },
    async () => ({ status: 'ok' }) as const,
  );
};
