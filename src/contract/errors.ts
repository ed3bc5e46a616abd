/**
 * Every error that either door can answer, with the HTTP status that it has over HTTP
 * and, where sending the same request again later can help, the seconds to wait before it.
 */
export const errorCodes = {
  invalid_request: { status: 400, title: 'Invalid request' },
  invalid_operation: { status: 400, title: 'Invalid operation' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_format: { status: 415, title: 'Unsupported format' },
  unprocessable_image: { status: 422, title: 'Unprocessable image' },
  rate_limited: { status: 429, title: 'Rate limited', retryAfter: 1 },
  internal: { status: 500, title: 'Internal error' },
  worker_lost: { status: 502, title: 'Worker lost' },
  overloaded: { status: 503, title: 'Overloaded', retryAfter: 1 },
  shutting_down: { status: 503, title: 'Shutting down', retryAfter: 5 },
  store_unavailable: { status: 503, title: 'Store unavailable', retryAfter: 5 },
  timeout: { status: 504, title: 'Timeout' },
  insufficient_storage: { status: 507, title: 'Insufficient storage' },
} as const satisfies Record<string, { status: number; title: string; retryAfter?: number }>;

export type ErrorCode = keyof typeof errorCodes;

export const errorCodeNames = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** Seconds after which a client may send the same request again, where that can help. */
export function retryAfter(code: ErrorCode): number | undefined {
  const entry: { status: number; retryAfter?: number } = errorCodes[code];
  return entry.retryAfter;
}

/**
 * An error that is answered to the client as it is: its message is public.
 * Whatever else is thrown is a bug of ours and is answered as `internal`.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  /** The field of the request that is off. */
  readonly parameter: string | undefined;

  constructor(code: ErrorCode, message: string, options: { parameter?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.parameter = options.parameter;
  }
}

/** What a client is told of an error: its code and text, or, of one that is not meant for it, only that there was one. */
export function publicError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('internal', 'Internal error', { cause: error });
}
