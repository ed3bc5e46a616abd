import { ImgwireError, parseError } from './error.ts';
import type { Reply } from './reply.ts';

export interface RequestSettings {
  /** Milliseconds per attempt, body included. */
  timeoutMs: number;
  /** Retries after transient errors, unless they ask to wait for more than 30 s; every operation is idempotent. */
  retries: number;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
}

export interface SendInit {
  method?: string;
  headers?: Record<string, string>;
  /** Called for each attempt. */
  body?: () => BodyInit;
  signal?: AbortSignal | undefined;
  /** Default: `fetch` of the settings. */
  transport?: Transport;
}

/** The subset of `fetch` used here, which XMLHttpRequest can provide too. */
export type Transport = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: BodyInit; signal: AbortSignal },
) => Promise<TransportResponse>;

interface TransportResponse extends Pick<Response, 'ok' | 'status' | 'arrayBuffer'> {
  headers: Pick<Headers, 'get'>;
}

const transientCodes: ReadonlySet<string> = new Set([
  'unreachable',
  'overloaded',
  'shutting_down',
  'store_unavailable',
  'worker_lost',
  'rate_limited',
]);

const firstBackoffMs = 200;
const maxBackoffMs = 5_000;

/** Longer waits are left to the caller. */
const maxRetryAfterSeconds = 30;

/**
 * Sends a request, retries after transient errors, and reads the body.
 * @throws ImgwireError, or the signal's reason
 */
export async function send(url: string, init: SendInit, settings: RequestSettings): Promise<Reply> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await sendOnce(url, init, settings);
    } catch (error) {
      const delay = error instanceof ImgwireError && retries < settings.retries ? delayMs(error, retries) : undefined;
      if (delay === undefined) throw error;
      await sleep(delay, init.signal);
    }
  }
}

/** @returns undefined if the error is final */
function delayMs({ code, retryAfter }: ImgwireError, retries: number): number | undefined {
  if (!transientCodes.has(code)) return undefined;
  if (retryAfter === undefined) return Math.min(maxBackoffMs, firstBackoffMs * 2 ** retries);
  return retryAfter > maxRetryAfterSeconds ? undefined : retryAfter * 1000;
}

async function sendOnce(
  url: string,
  { method = 'GET', headers, body, signal, transport }: SendInit,
  { timeoutMs, headers: common, fetch }: RequestSettings,
): Promise<Reply> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await (transport ?? fetch)(url, {
      method,
      headers: { accept: 'application/json, image/*', ...common, ...headers },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(body && { body: body(), duplex: 'half' }),
    });
    const { ok, status } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (ok) return { status, mediaType: response.headers.get('content-type') ?? '', bytes };
    throw parseError(status, new TextDecoder().decode(bytes), response.headers.get('retry-after'));
  } catch (error) {
    if (error instanceof ImgwireError) throw error;
    signal?.throwIfAborted();
    const reason = timeout.aborted ? `received none within ${timeoutMs} ms` : `could not reach it: ${causeOf(error)}`;
    throw new ImgwireError(`Expected a response from ${url} but ${reason}`, { code: 'unreachable' }, error);
  }
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }, milliseconds);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
