import type { ErrorCode } from '../contract/errors.ts';

export interface ErrorDetails {
  /** The service's code; `unreachable` without a response, `unexpected` for one that is not the service's. */
  code: ErrorCode | 'unreachable' | 'unexpected';
  /** HTTP status; undefined without a response. */
  status?: number | undefined;
  parameter?: string | undefined;
  requestId?: string | undefined;
  /** Seconds to wait before a retry. */
  retryAfter?: number | undefined;
}

export class ImgwireError extends Error implements ErrorDetails {
  override readonly name = 'ImgwireError';
  readonly code: ErrorDetails['code'];
  readonly status: number | undefined;
  readonly parameter: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(message: string, { code, status, parameter, requestId, retryAfter }: ErrorDetails, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.parameter = parameter;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** @param body problem details (RFC 9457), or anything that a proxy sends */
export function parseError(status: number, body: string, retryAfterHeader: string | null): ImgwireError {
  const retryAfter = Number(retryAfterHeader) || undefined;
  const { detail, code, parameter, request_id: requestId } = parseObject<Record<string, string>>(body);
  if (typeof code !== 'string' || typeof detail !== 'string') return unexpectedResponse(status, body, retryAfter);
  return new ImgwireError(detail, { code: code as ErrorCode, status, parameter, requestId, retryAfter });
}

/** For a response that is not the service's, such as the login page of a proxy. */
export function unexpectedResponse(status: number, body: string, retryAfter?: number): ImgwireError {
  const start = JSON.stringify(body.slice(0, 100));
  const message = `Expected a response from imgwire but received status ${status}: ${start}`;
  return new ImgwireError(message, { code: 'unexpected', status, retryAfter });
}

/** @returns an empty object unless the text is a JSON object */
export function parseObject<T extends object>(text: string): Partial<T> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
