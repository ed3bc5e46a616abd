import { byId, showMessage } from './dom.js';
import { formatBytes } from './format.js';
import { messageOf } from './response.js';
import { fetchImage, imagePath } from './service.js';

/** @typedef {{ width: number, height: number, type: string }} ResultInfo */

const debounceMs = 150;

/**
 * Preview of the transformed image. Requests are debounced.
 * @param {(info: ResultInfo) => void} onResult
 */
export function createResult(onResult) {
  const image = byId('result', HTMLImageElement);
  const frame = byId('result-frame', HTMLDivElement);
  const facts = byId('result-facts', HTMLSpanElement);
  const message = byId('result-error', HTMLParagraphElement);
  let current = new AbortController();
  let timer = 0;

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   */
  async function show(path, signal) {
    const started = performance.now();
    try {
      const body = await fetchImage(path, signal);
      const ms = Math.round(performance.now() - started);
      const shown = await draw(body, signal);
      if (signal.aborted) return;
      const { naturalWidth: width, naturalHeight: height } = image;
      const type = body.type.replace(/^image\//, '');
      facts.textContent = `${type} · ${shown ? `${width} × ${height} · ` : ''}${formatBytes(body.size)} · ${ms} ms`;
      showMessage(message, shown ? '' : `This browser cannot display this ${type} image; download it instead.`);
      onResult({ width, height, type });
    } catch (error) {
      if (signal.aborted) return;
      clear();
      showMessage(message, messageOf(error));
    } finally {
      if (!signal.aborted) frame.classList.remove('busy');
    }
  }

  /**
   * @param {Blob} body
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether the browser can display it
   */
  async function draw(body, signal) {
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(body);
    const shown = await image.decode().then(
      () => true,
      () => false,
    );
    if (!signal.aborted) image.hidden = !shown;
    return shown;
  }

  function clear() {
    URL.revokeObjectURL(image.src);
    image.removeAttribute('src');
    image.hidden = true;
    facts.textContent = '';
    showMessage(message, '');
  }

  function stop() {
    clearTimeout(timer);
    current.abort();
  }

  return {
    clear,
    stop,
    /**
     * @param {string} id
     * @param {Record<string, string>} parameters
     * @param {boolean} [immediately] without debouncing
     */
    update(id, parameters, immediately = false) {
      stop();
      current = new AbortController();
      const { signal } = current;
      frame.classList.add('busy');
      timer = setTimeout(() => void show(imagePath(id, parameters), signal), immediately ? 0 : debounceMs);
    },
  };
}
