import type { Stage } from './stages.ts';

/** HTTP status, title and, if a retry may help, the seconds to wait. */
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

/** Seconds; undefined if a retry would not help. */
export function retryAfter(code: ErrorCode): number | undefined {
  const entry: { status: number; retryAfter?: number } = errorCodes[code];
  return entry.retryAfter;
}

export interface RequestErrorOptions {
  parameter?: string | undefined;
  /** Seconds; default: the code's. */
  retryAfter?: number | undefined;
  stage?: Stage | undefined;
  cause?: unknown;
}

/** An error for the caller: its message is public. Any other error is a bug and becomes `internal`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  readonly parameter: string | undefined;
  /** Seconds; undefined if a retry would not help. */
  readonly retryAfter: number | undefined;
  /** The stage that failed, for logs and traces; never part of a reply. */
  stage: Stage | undefined;

  constructor(code: ErrorCode, message: string, options: RequestErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.parameter = options.parameter;
    this.stage = options.stage;
    this.retryAfter = options.retryAfter ?? retryAfter(code);
  }
}

/** Wraps any error but a RequestError as the cause of an `internal` one. */
export function publicError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('internal', 'Internal error', { cause: error });
}
