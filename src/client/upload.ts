import type { Transport } from './request.ts';

/** Both in bytes. Starts over with each attempt. */
export type OnProgress = (sent: number, total: number) => void;

/** Creates a transport on XMLHttpRequest, the only one that reports upload progress in browsers. */
export function createXhrTransport(onProgress: OnProgress): Transport {
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const abort = () => request.abort();
      request.open(method, url);
      request.responseType = 'arraybuffer';
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
      request.onload = () => {
        const { status } = request;
        resolve({
          ok: status >= 200 && status < 300,
          status,
          headers: { get: (name) => request.getResponseHeader(name) },
          arrayBuffer: async () => request.response,
        });
      };
      request.onerror = () => reject(new TypeError('XMLHttpRequest failed'));
      request.onabort = () => reject(signal.reason);
      request.onloadend = () => signal.removeEventListener('abort', abort);
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', abort);
      request.send(body as XMLHttpRequestBodyInit);
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
