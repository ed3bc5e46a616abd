import { operations, type RequestOf } from '../../contract/operations.ts';
import { type Parameters, pickParameters } from '../../contract/parameters.ts';
import { parameterSets } from '../../contract/variants.ts';
import { type AccessRequest, isParameter } from './access.ts';

/**
 * The access check for a JSON request. Uses the HTTP path, so one signature is valid at both doors.
 * @param raw the request as sent: a signature covers the names and values that were signed, aliases included
 */
export function accessRequestOf(request: RequestOf, raw: object): AccessRequest {
  const { operation } = request;
  const { image_id: id, variants, signature, expires, grant } = request as Partial<Record<string, string>>;
  const suffix = variants !== undefined ? '/variants' : operation === 'info' ? '/info' : '';
  const transformations = transformationsOf(request);
  return {
    right: operations[operation].right,
    path: id === undefined ? `/${operation}${suffix}` : `/images/${id}${suffix}`,
    transformations,
    // Signatures do not cover variants, which HTTP sends in the body.
    parameters: { ...(variants === undefined && parametersIn(raw)), signature, expires, grant },
  };
}

function parametersIn(raw: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => isParameter(name)));
}

function transformationsOf(request: RequestOf): Parameters[] {
  if (request.operation !== 'resize') return [];
  return request.variants === undefined ? [pickParameters(request)] : parameterSets(request);
}

/** Strips the fields that only the access check reads. */
export function withoutCredentials<R extends RequestOf>(request: R): R {
  const { signature: _, expires: __, grant: ___, ...rest } = request as R & Record<string, unknown>;
  return rest as R;
}
