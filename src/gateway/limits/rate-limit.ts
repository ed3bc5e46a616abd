import { LRUCache } from 'lru-cache';
import { RequestError } from '../../contract/errors.ts';

export interface RateLimit {
  requests: number;
  windowMs: number;
}

export interface WindowCount {
  /** Requests in the window, including this one. */
  requests: number;
  /** Milliseconds until the window resets. */
  resetMs: number;
}

/** Fixed-window request counter per client, shared by both doors. */
export interface RateLimiter extends RateLimit {
  count(client: string): WindowCount;
  /** `rate_limited`, with `retryAfter` in seconds. */
  limitError(resetMs: number): RequestError;
  /** Counts a request; returns the error if it is over the limit. */
  countAndCheck(client: string): RequestError | undefined;
}

const windows: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000 };

/** Beyond these, the least recently seen client's count is dropped: some 4 MB at most. */
const maxClients = 20_000;

/**
 * @param limit e.g. `600/min`; empty for none
 * @param now clock, in milliseconds
 * @returns undefined without a limit
 */
export function createRateLimiter(limit: string, now = () => performance.now()): RateLimiter | undefined {
  const [requests = '', unit = ''] = limit.split('/');
  const windowMs = windows[unit];
  return windowMs === undefined ? undefined : createCounter({ requests: Number(requests), windowMs }, now);
}

function createCounter(limit: RateLimit, now: () => number): RateLimiter {
  const { requests: max, windowMs } = limit;
  const counts = new LRUCache<string, { requests: number; endsAt: number }>({ max: maxClients });

  function count(client: string): WindowCount {
    const time = now();
    let window = counts.get(client);
    if (window === undefined) {
      window = { requests: 0, endsAt: time + windowMs };
      counts.set(client, window);
    } else if (window.endsAt <= time) {
      window.requests = 0;
      window.endsAt = time + windowMs;
    }
    window.requests += 1;
    return { requests: window.requests, resetMs: window.endsAt - time };
  }

  const message = `Expected at most ${max} requests in ${windowMs / 1000} s from one client; try again later`;
  /** By seconds to wait, and shared: a flood of refusals cannot afford a stack trace each. */
  const errors: RequestError[] = [];
  function limitError(resetMs: number): RequestError {
    const retryAfter = Math.max(1, Math.ceil(resetMs / 1000));
    errors[retryAfter] ??= new RequestError('rate_limited', message, { retryAfter });
    return errors[retryAfter];
  }

  return {
    ...limit,
    count,
    limitError,
    countAndCheck(client) {
      const { requests, resetMs } = count(client);
      return requests > max ? limitError(resetMs) : undefined;
    },
  };
}
