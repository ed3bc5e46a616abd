import { errorCodeNames } from './errors.ts';
import { RequestId } from './fields.ts';
import { type Static, Type } from './typebox.ts';

/** Problem details (RFC 9457), extended by the error code that both doors share. */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: 'Always about:blank; code tells errors apart.' }),
    title: Type.String({ description: 'Short summary of the kind of error.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'HTTP status code.' }),
    detail: Type.String({ description: 'Explanation of this error: what was expected and what was received.' }),
    code: Type.Enum(errorCodeNames, {
      title: 'ErrorCode',
      description: 'Error code, the same over HTTP and ZeroMQ.',
    }),
    parameter: Type.Optional(Type.String({ description: 'Name of the parameter, field or header at fault.' })),
    request_id: RequestId,
  },
  {
    $id: 'Problem',
    description: 'An error. Clients that prefer text/html, such as browsers, receive it as an HTML page.',
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
