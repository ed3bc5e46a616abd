import { errorOf, ImgwireError } from './error.ts';

export interface RequestSettings {
  /** Milliseconds per try, body included. */
  timeoutMs: number;
  /** Retries of transient errors; every operation is idempotent. */
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

/**
 * Retries transient errors, and reads the body.
 * @throws ImgwireError, or the signal's reason
 */
export async function send(url: string, init: RequestInit, settings: RequestSettings): Promise<Uint8Array> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(url, init, settings);
    } catch (error) {
      if (!(error instanceof ImgwireError) || !passing.has(error.code) || tries >= settings.retries) throw error;
      const backoffMs = error.retryAfter === undefined ? firstBackoffMs * 2 ** tries : error.retryAfter * 1000;
      await pause(backoffMs, init.signal);
    }
  }
}

async function sendOnce(
  url: string,
  { method = 'GET', headers, body, signal }: RequestInit,
  { timeoutMs, headers: common, fetch }: RequestSettings,
): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json, image/*', ...common, ...headers },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body && { body: body(), duplex: 'half' }),
    } as globalThis.RequestInit);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return bytes;
    throw errorOf(response.status, new TextDecoder().decode(bytes), response.headers.get('retry-after'));
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
