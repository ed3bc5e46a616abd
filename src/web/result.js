import { byId } from './dom.js';
import { formatBytes } from './format.js';
import { imagePath, succeeded } from './service.js';

/** @typedef {{ width: number, height: number, type: string }} Made */

/** Debounce of changes, in milliseconds. */
const debounceMs = 150;

/**
 * Shows the result of the parameters, with its format, dimensions and size.
 * @param {(made: Made) => void} onMade
 */
export function createResult(onMade) {
  const image = byId('result', HTMLImageElement);
  const frame = byId('result-frame', HTMLDivElement);
  const facts = byId('result-facts', HTMLSpanElement);
  const errorMessage = byId('error', HTMLParagraphElement);
  let current = new AbortController();
  let timer = 0;

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   */
  async function show(path, signal) {
    const started = performance.now();
    try {
      const response = await succeeded(await fetch(path, { signal }));
      const blob = await response.blob();
      const ms = Math.round(performance.now() - started);
      const shown = await draw(blob);
      if (signal.aborted) return;
      const pixels = shown ? `${image.naturalWidth} × ${image.naturalHeight} · ` : '';
      const type = blob.type.replace(/^image\//, '');
      facts.textContent = `${type} · ${pixels}${formatBytes(blob.size)} · ${ms} ms`;
      errorMessage.hidden = shown;
      if (!shown) errorMessage.textContent = `This browser cannot show ${type}; download it instead.`;
      onMade({ width: image.naturalWidth, height: image.naturalHeight, type });
    } catch (error) {
      if (signal.aborted) return;
      facts.textContent = '';
      image.hidden = true;
      errorMessage.hidden = false;
      errorMessage.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      if (!signal.aborted) frame.classList.remove('busy');
    }
  }

  /** @param {Blob} blob */
  async function draw(blob) {
    const before = image.src;
    image.src = URL.createObjectURL(blob);
    if (before) URL.revokeObjectURL(before);
    const shown = await image.decode().then(
      () => true,
      () => false,
    );
    image.hidden = !shown;
    return shown;
  }

  return {
    /**
     * @param {string} id
     * @param {Record<string, string>} parameters
     * @param {boolean} [atOnce] without the debounce
     */
    update(id, parameters, atOnce = false) {
      current.abort();
      current = new AbortController();
      const { signal } = current;
      frame.classList.add('busy');
      clearTimeout(timer);
      timer = setTimeout(() => void show(imagePath(id, parameters), signal), atOnce ? 0 : debounceMs);
    },
    stop() {
      clearTimeout(timer);
      current.abort();
    },
  };
}
