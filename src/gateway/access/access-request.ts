import { operations, type RequestOf } from '../../contract/operations.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { parameterSets } from '../../contract/variants.ts';
import type { AccessRequest } from './access.ts';

/** What a request in JSON asks for; its path is that of HTTP, so a signature holds at both doors. */
export function accessRequestOf(request: RequestOf): AccessRequest {
  const { operation } = request;
  const { image_id: id, variants, signature, expires, grant } = request as Partial<Record<string, string>>;
  const part = variants !== undefined ? '/variants' : operation === 'info' ? '/info' : '';
  const transformations = transformationsOf(request);
  return {
    right: operations[operation].right,
    path: id === undefined ? `/${operation}${part}` : `/images/${id}${part}`,
    transformations,
    // No signature covers the sets of variants, over HTTP a body.
    parameters: { ...(variants === undefined && transformations[0]), signature, expires, grant },
  };
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
