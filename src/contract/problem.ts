import { errorCodeNames } from './errors.ts';
import { RequestId } from './operations.ts';
import { type Static, Type } from './typebox.ts';

/** RFC 9457, with the error code of both doors. */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: 'Always about:blank: the kind of error is in code.' }),
    title: Type.String({ description: 'The kind of error in words.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What was expected and what came.' }),
    code: Type.Enum(errorCodeNames, {
      title: 'ErrorCode',
      description: 'The kind of error, the same over HTTP and ZeroMQ.',
    }),
    parameter: Type.Optional(Type.String({ description: 'The part of the request that is off.' })),
    request_id: RequestId,
  },
  {
    $id: 'Problem',
    description: 'An error. A browser that asks for text/html first gets the same as a page to read.',
    examples: [
      {
        type: 'about:blank',
        title: 'Invalid request',
        status: 400,
        detail: 'Expected an integer from 1 to 8192 for width but received "abc"',
        code: 'invalid_request',
        parameter: 'width',
        request_id: '5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11',
      },
    ],
  },
);

export type Problem = Static<typeof Problem>;
