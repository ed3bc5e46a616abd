import { errorCodeNames } from './errors.ts';
import { commonFields, RequestId } from './fields.ts';
import { type OperationName, operationNames, operations } from './operations.ts';
import { type Static, Type } from './typebox.ts';

export const requestSchemas = mapOperations((name) =>
  Type.Object(
    { operation: Type.Literal(name), ...commonFields, ...operations[name].request },
    { additionalProperties: false },
  ),
);

export const replySchemas = mapOperations((name) =>
  Type.Object({
    status: Type.Literal('success'),
    message: Type.String(),
    request_id: RequestId,
    ...operations[name].reply,
  }),
);

export const ErrorReply = Type.Object({
  status: Type.Literal('error'),
  code: Type.Enum(errorCodeNames, { title: 'ErrorCode' }),
  message: Type.String(),
  parameter: Type.Optional(Type.String({ description: 'Name of the request field at fault.' })),
  retry_after: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Seconds to wait before retrying; absent if a retry would not help.' }),
  ),
  request_id: Type.Optional(RequestId),
});

export type ErrorReply = Static<typeof ErrorReply>;

function mapOperations<T>(make: (name: OperationName) => T): Record<OperationName, T> {
  return Object.fromEntries(operationNames.map((name) => [name, make(name)])) as Record<OperationName, T>;
}
