import { operations, type RequestOf } from '../../contract/operations.ts';
import { pickParameters } from '../../contract/parameters.ts';
import type { Wish } from './access.ts';

const noQuery = {};

/** What a request in JSON asks for; its path is that of HTTP, so a signature holds at both doors. */
export function wishOf(request: RequestOf): Wish {
  const { operation } = request;
  const { image_id: id, variants, signature, expires, grant } = request as Partial<Record<string, string>>;
  const part = variants !== undefined ? '/variants' : operation === 'info' ? '/info' : '';
  // Those beside variants hold for each of them, which no signature covers.
  const parameters = operation === 'resize' && variants === undefined ? pickParameters(request) : noQuery;
  return {
    right: operations[operation].right,
    path: id === undefined ? `/${operation}${part}` : `/images/${id}${part}`,
    isTransformation: operation === 'resize' && variants === undefined,
    parameters: { ...parameters, signature, expires, grant },
  };
}

/** Without what only access needs. */
export function withoutProof<R extends RequestOf>(request: R): R {
  const { signature: _, expires: __, grant: ___, ...rest } = request as R & Record<string, unknown>;
  return rest as R;
}
