import { answerTimeoutMs, noAnswer, noConnection, parseAnswer, problemDetail } from './answer.js';

/**
 * By XMLHttpRequest: fetch reports no progress.
 * @param {File} file
 * @param {(share: number) => void} onProgress 0 to 1
 * @returns {Promise<{ image_id: string, size: number, created: boolean }>}
 * @throws {Error} with a message to show
 */
export async function sendFile(file, onProgress) {
  const { status, text, stalled } = await post(file, onProgress);
  if (status >= 200 && status < 300) return parseAnswer(text, 'image_id');
  if (status > 0) throw new Error(problemDetail(text, status));
  if (stalled) throw new Error(noAnswer);
  throw new Error(
    (await isReadable(file)) ? noConnection : 'Cannot read it: a folder, or a file that was changed or moved',
  );
}

/**
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @returns {Promise<{ status: number, text: string, stalled: boolean }>} status 0 on failure
 */
function post(file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    let stalled = false;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stalled = true;
        request.abort();
      }, answerTimeoutMs);
    };
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      watch();
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
    watch();
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
