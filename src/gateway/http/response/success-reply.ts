import { type OperationName, operations } from '../../../contract/operations.ts';
import type { RequestContext } from '../../service/request-context.ts';
import type { ServiceReply } from '../../service/service-reply.ts';

/** The JSON of a success, the same as over ZeroMQ. */
export function successReply<N extends OperationName>(
  operation: N,
  { requestId }: RequestContext,
  fields: ServiceReply<N>['fields'],
) {
  return { status: 'success', message: operations[operation].message, request_id: requestId, ...fields } as const;
}
