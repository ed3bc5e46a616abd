/**
 * All error codes of both doors, with their HTTP status and, for errors worth a retry,
 * the seconds to wait before it.
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

/** Seconds to wait before a retry; undefined if a retry would not help. */
export function retryAfter(code: ErrorCode): number | undefined {
  const entry: { status: number; retryAfter?: number } = errorCodes[code];
  return entry.retryAfter;
}

/**
 * An error that the client sees: its message is public.
 * Anything else that is thrown is a bug, and answered as `internal`.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  /** The invalid field of the request. */
  readonly parameter: string | undefined;

  constructor(code: ErrorCode, message: string, options: { parameter?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.parameter = options.parameter;
  }
}

/** Hides everything but a RequestError behind `internal`; the original stays as the cause. */
export function publicError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('internal', 'Internal error', { cause: error });
}
