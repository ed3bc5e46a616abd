import { LRUCache } from 'lru-cache';
import { RequestError } from '../../contract/errors.ts';

export interface RateLimit {
  requests: number;
  windowMs: number;
}

export interface Count {
  /** Requests in the window, this one included. */
  requests: number;
  /** Milliseconds until the window ends. */
  resetMs: number;
}

/** Counts the requests of each client, over both doors. */
export interface RateLimiter extends RateLimit {
  count(client: string): Count;
  /** `rate_limited`, with the seconds until the window ends. */
  refusal(resetMs: number): RequestError;
  /** Counts a request. */
  refusalOf(client: string): RequestError | undefined;
}

const windows: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000 };

/** The least recently seen client beyond them starts anew: some 4 MB at most. */
const maxClients = 20_000;

/** @param limit such as `600/min`; empty for none */
export function createRateLimiter(limit: string, now = () => performance.now()): RateLimiter | undefined {
  const [requests = '', unit = ''] = limit.split('/');
  const windowMs = windows[unit];
  return windowMs === undefined ? undefined : createCounter({ requests: Number(requests), windowMs }, now);
}

function createCounter(limit: RateLimit, now: () => number): RateLimiter {
  const { requests: max, windowMs } = limit;
  const counts = new LRUCache<string, { requests: number; endsAt: number }>({ max: maxClients });

  function count(client: string): Count {
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
  /** Made once a second: a flood of refusals has no time to trace stacks. */
  let last = new RequestError('rate_limited', message);
  function refusal(resetMs: number): RequestError {
    const retryAfter = Math.max(1, Math.ceil(resetMs / 1000));
    if (last.retryAfter !== retryAfter) last = new RequestError('rate_limited', message, { retryAfter });
    return last;
  }

  return {
    ...limit,
    count,
    refusal,
    refusalOf(client) {
      const { requests, resetMs } = count(client);
      return requests > max ? refusal(resetMs) : undefined;
    },
  };
}
