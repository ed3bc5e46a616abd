import { noConnection, noResponse, parseResponse, problemDetail, responseTimeoutMs } from './response.js';

/**
 * Uploads a file, by XMLHttpRequest since fetch reports no upload progress.
 * @param {File} file
 * @param {(share: number) => void} onProgress 0 to 1
 * @returns {Promise<{ image_id: string, size: number, created: boolean }>}
 * @throws {Error} with a message to show
 */
export async function sendFile(file, onProgress) {
  const { status, text, stalled } = await post(file, onProgress);
  if (status >= 200 && status < 300) return parseResponse(text, 'image_id');
  if (status > 0) throw new Error(problemDetail(text, status));
  if (stalled) throw new Error(noResponse);
  throw new Error(
    (await isReadable(file)) ? noConnection : 'Cannot read the file: it is a folder, or was changed or moved',
  );
}

/**
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @returns {Promise<{ status: number, text: string, stalled: boolean }>} status 0 if there was no response
 */
function post(file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    let stalled = false;
    const restartTimer = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stalled = true;
        request.abort();
      }, responseTimeoutMs);
    };
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      restartTimer();
      onProgress(total === 0 ? 0 : loaded / total);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      resolve({ status: request.status, text: request.responseText, stalled });
    });
    request.open('POST', 'images');
    request.setRequestHeader('Accept', 'application/json');
    const form = new FormData();
    form.set('image', file);
    restartTimer();
    request.send(form);
  });
}

/** @param {File} file */
function isReadable(file) {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
