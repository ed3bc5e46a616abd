import { RequestError } from '../../contract/errors.ts';

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/** @returns the code of a system error, such as `ENOENT`; undefined for any other error */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return String(error.code);
}

/** Maps file system errors to public ones; returns others unchanged. */
export function storeError(error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (fullCodes.has(code)) return new RequestError('insufficient_storage', 'The store is full', { cause: error });
  return new RequestError('store_unavailable', `The store cannot be used: ${code}`, { cause: error });
}

export function noImage(imageId: string, cause: unknown): RequestError {
  return new RequestError('not_found', `No image ${imageId}`, { parameter: 'image_id', cause });
}
