import { RequestError } from '../../../contract/errors.ts';
import { Type } from '../../../contract/typebox.ts';
import type { Route } from '../door.ts';
import { jsonResponse, problemResponsesFor } from '../openapi/responses.ts';

const Ready = Type.Object({ status: Type.Literal('ready') }, { title: 'Readiness' });

export const ready: Route = (app, { isReady, isDraining }) => {
  app.get(
    '/ready',
    {
      config: { whileDraining: true, rateLimit: false, right: 'none' },
      schema: {
        operationId: 'getReady',
        tags: ['service'],
        summary: 'Check that the service accepts requests',
        description: 'Ready while a worker has answered recently and the process is not shutting down.',
        response: {
          200: jsonResponse('The service is ready.', Ready, {}, { status: 'ready' }),
          ...problemResponsesFor(['overloaded', 'shutting_down']),
        },
      },
    },
    async () => {
      if (isDraining()) throw new RequestError('shutting_down', 'This server is shutting down');
      if (!isReady()) throw new RequestError('overloaded', 'No worker that reaches the store has answered recently');
      return { status: 'ready' } as const;
    },
  );
};
