import { operations, type RequestOf } from '../../contract/operations.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { parameterSets } from '../../contract/variants.ts';
import { type AccessRequest, isParameter } from './access.ts';

/**
 * What a request in JSON asks for; its path is that of HTTP, so a signature holds at both doors.
 * @param given the request as it was sent: a signature covers names and values as they were signed
 */
export function accessRequestOf(request: RequestOf, given: object): AccessRequest {
  const { operation } = request;
  const { image_id: id, variants, signature, expires, grant } = request as Partial<Record<string, string>>;
  const part = variants !== undefined ? '/variants' : operation === 'info' ? '/info' : '';
  const transformations = transformationsOf(request);
  return {
    right: operations[operation].right,
    path: id === undefined ? `/${operation}${part}` : `/images/${id}${part}`,
    transformations,
    // No signature covers the sets of variants, over HTTP a body.
    parameters: { ...(variants === undefined && parametersIn(given)), signature, expires, grant },
  };
}

function parametersIn(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => isParameter(name)));
}

function transformationsOf(request: RequestOf): Parameters[] {
  if (request.operation !== 'resize') return [];
  return request.variants === undefined ? [pickParameters(request)] : parameterSets(request);
}

/** Without what only access needs. */
export function withoutProof<R extends RequestOf>(request: R): R {
  const { signature: _, expires: __, grant: ___, ...rest } = request as R & Record<string, unknown>;
  return rest as R;
}
