import { errorOf, ImgwireError } from './error.ts';
import type { RequestSettings } from './request.ts';

/** Bytes. */
export type OnProgress = (sent: number, total: number) => void;

/**
 * Browsers report upload progress only in XMLHttpRequest.
 * @throws ImgwireError, or the signal's reason
 */
export function sendWithProgress(
  url: string,
  { body, onProgress, signal }: { body: Blob; onProgress: OnProgress; signal?: AbortSignal | undefined },
  { timeoutMs, headers }: RequestSettings,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const fail = (reason: string) =>
      reject(new ImgwireError(`Expected an answer from ${url} but ${reason}`, { code: 'unreachable' }));
    request.open('POST', url);
    request.responseType = 'arraybuffer';
    request.timeout = timeoutMs;
    for (const [name, value] of Object.entries({ accept: 'application/json', ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onload = () => {
      const bytes = new Uint8Array(request.response);
      const { status } = request;
      if (status < 300) resolve(bytes);
      else reject(errorOf(status, new TextDecoder().decode(bytes), request.getResponseHeader('retry-after')));
    };
    request.onerror = () => fail('could not reach it');
    request.ontimeout = () => fail(`received none within ${timeoutMs} ms`);
    request.onabort = () => reject(signal?.reason);
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener('abort', abort);
    request.send(body);
  });
}

const chunkBytes = 65_536;

/** For runtimes without XMLHttpRequest. */
export function streamWithProgress(body: Blob, onProgress: OnProgress): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent >= body.size) return controller.close();
      const chunk = new Uint8Array(await body.slice(sent, sent + chunkBytes).arrayBuffer());
      sent += chunk.length;
      controller.enqueue(chunk);
      onProgress(sent, body.size);
    },
  });
}
