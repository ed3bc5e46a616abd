import { errorOf, ImgwireError } from './error.ts';
import type { Reply } from './reply.ts';

export interface RequestSettings {
  /** Milliseconds per try, body included. */
  timeoutMs: number;
  /** Retries of transient errors that ask for at most 30 s of patience; every operation is idempotent. */
  retries: number;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
}

export interface RequestInit {
  method?: string;
  headers?: Record<string, string>;
  /** Called for each try. */
  body?: () => BodyInit;
  signal?: AbortSignal | undefined;
  /** Default: `fetch` of the settings. */
  transport?: Transport;
}

/** As much of `fetch` as is needed here, for XMLHttpRequest to do likewise. */
export type Transport = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: BodyInit; signal: AbortSignal },
) => Promise<Answer>;

interface Answer extends Pick<Response, 'ok' | 'status' | 'arrayBuffer'> {
  headers: Pick<Headers, 'get'>;
}

const passing: ReadonlySet<string> = new Set([
  'unreachable',
  'overloaded',
  'shutting_down',
  'store_unavailable',
  'worker_lost',
  'rate_limited',
]);

const firstBackoffMs = 200;
const longestBackoffMs = 5_000;

/** Seconds: longer waits are for the caller to decide on. */
const longestRetryAfter = 30;

/**
 * Retries transient errors, and reads the body.
 * @throws ImgwireError, or the signal's reason
 */
export async function send(url: string, init: RequestInit, settings: RequestSettings): Promise<Reply> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(url, init, settings);
    } catch (error) {
      const delay = error instanceof ImgwireError && tries < settings.retries ? delayMs(error, tries) : undefined;
      if (delay === undefined) throw error;
      await pause(delay, init.signal);
    }
  }
}

/** Undefined if the error is final. */
function delayMs({ code, retryAfter }: ImgwireError, tries: number): number | undefined {
  if (!passing.has(code)) return undefined;
  if (retryAfter === undefined) return Math.min(longestBackoffMs, firstBackoffMs * 2 ** tries);
  return retryAfter > longestRetryAfter ? undefined : retryAfter * 1000;
}

async function sendOnce(
  url: string,
  { method = 'GET', headers, body, signal, transport }: RequestInit,
  { timeoutMs, headers: common, fetch }: RequestSettings,
): Promise<Reply> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await (transport ?? fetch)(url, {
      method,
      headers: { accept: 'application/json, image/*', ...common, ...headers },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body && { body: body(), duplex: 'half' }),
    });
    const { ok, status } = answer;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (ok) return { status, mediaType: answer.headers.get('content-type') ?? '', bytes };
    throw errorOf(status, new TextDecoder().decode(bytes), answer.headers.get('retry-after'));
  } catch (error) {
    if (error instanceof ImgwireError) throw error;
    signal?.throwIfAborted();
    const reason = limit.aborted ? `received none within ${timeoutMs} ms` : `could not reach it: ${causeOf(error)}`;
    throw new ImgwireError(`Expected an answer from ${url} but ${reason}`, { code: 'unreachable' }, error);
  }
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
