import { createControls } from './controls.js';
import { copyText } from './copy.js';
import { byId } from './dom.js';
import { formatBytes, shortId } from './format.js';
import { createResult } from './result.js';
import { deleteImage, describeImage, imagePath, settings } from './service.js';
import { snippets } from './snippets.js';

/** Formats that every browser shows; others get a preview. */
const webFormats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'svg'];

/**
 * The editor: one image, its parameters and their result.
 * @param {{ onDeleted: (id: string) => void, onChange: (parameters: Record<string, string>) => void }} callbacks
 */
export function createEditor({ onDeleted, onChange }) {
  const title = byId('editor-title', HTMLHeadingElement);
  const original = byId('original', HTMLImageElement);
  const originalFacts = byId('original-facts', HTMLSpanElement);
  const errorMessage = byId('error', HTMLParagraphElement);
  const kinds = byId('kinds', HTMLFieldSetElement);
  const snippet = byId('snippet', HTMLTextAreaElement);
  const copied = byId('copied', HTMLSpanElement);
  const download = byId('download', HTMLAnchorElement);
  const question = byId('question', HTMLDialogElement);
  let id = '';
  let made = { width: 0, height: 0, type: '' };

  const result = createResult((now) => {
    made = now;
    showSnippet();
  });
  const controls = createControls(byId('controls', HTMLFormElement), settings.parameters, () => {
    const parameters = controls.read();
    onChange(parameters);
    showSnippet();
    result.update(id, parameters);
  });

  kinds.addEventListener('change', showSnippet);
  byId('copy', HTMLButtonElement).addEventListener('click', async () => {
    copied.textContent = (await copyText(snippet)) ? 'Copied' : 'Selected: copy it by keyboard';
  });
  byId('delete', HTMLButtonElement).addEventListener('click', () => {
    question.returnValue = '';
    question.showModal();
  });
  question.addEventListener('close', async () => {
    if (question.returnValue !== 'yes') return;
    try {
      await deleteImage(id);
      onDeleted(id);
    } catch (error) {
      showError(error);
    }
  });

  /** @param {unknown} error */
  function showError(error) {
    errorMessage.hidden = false;
    errorMessage.textContent = error instanceof Error ? error.message : String(error);
  }

  function showSnippet() {
    const parameters = controls.read();
    const kind = /** @type {HTMLInputElement | null} */ (kinds.querySelector(':checked'))?.value ?? 'url';
    const { format = 'auto' } = parameters;
    const extension = format === 'auto' ? made.type.replace('+xml', '') || 'bin' : format;
    const fileName = `${shortId(id)}.${extension}`;
    const zmq = settings.zmqEndpoint.replace(/127\.0\.0\.1|0\.0\.0\.0/, location.hostname);
    const known = settings.parameters;
    const text = snippets[kind]?.({ id, parameters, known, origin: location.origin, zmq, fileName, ...made }) ?? '';
    // A result that arrives after the click leaves most snippets as they were copied.
    if (text !== snippet.textContent) copied.textContent = '';
    snippet.textContent = text;
    download.href = imagePath(id, { ...parameters, download: fileName });
  }

  /** @param {string} opened */
  async function showOriginal(opened) {
    original.removeAttribute('src');
    originalFacts.textContent = '';
    try {
      const { format, width, height, size } = await describeImage(opened);
      if (opened !== id) return;
      const preview = { width: 1200, height: 1200, fit: 'inside', enlarge: false, format: 'webp' };
      original.src = imagePath(opened, webFormats.includes(format) ? {} : preview);
      originalFacts.textContent = `${format} · ${width} × ${height} · ${formatBytes(size)}`;
    } catch (error) {
      if (opened === id) showError(error);
    }
  }

  return {
    /**
     * @param {string} opened
     * @param {Record<string, string>} parameters
     */
    open(opened, parameters) {
      const another = id !== opened;
      id = opened;
      errorMessage.hidden = true;
      controls.write(parameters);
      showSnippet();
      result.update(id, parameters, true);
      if (!another) return;
      title.textContent = `Image ${shortId(opened)}`;
      title.focus();
      void showOriginal(opened);
    },
    close() {
      id = '';
      result.stop();
    },
  };
}
