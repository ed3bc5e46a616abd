import { copyText } from './copy.js';
import { byId } from './dom.js';
import { shortId } from './format.js';
import { imagePath } from './service.js';
import { snippets } from './snippets.js';

/**
 * Shows code that uses the image.
 * @param {import('./service.js').Settings} settings
 */
export function createUsePanel({ parameters: known, publicUrl, zmqEndpoint }) {
  const kinds = byId('kinds', HTMLFieldSetElement);
  const snippet = byId('snippet', HTMLTextAreaElement);
  const copied = byId('copied', HTMLSpanElement);
  const download = byId('download', HTMLAnchorElement);
  const base = publicUrl ?? new URL('.', location.href).href;
  const zmq = zmqEndpoint.replace(/127\.0\.0\.1|0\.0\.0\.0/, location.hostname);
  let shown = {
    id: '',
    parameters: /** @type {Record<string, string>} */ ({}),
    result: { width: 0, height: 0, type: '' },
  };

  kinds.addEventListener('change', () => update({}));
  byId('copy', HTMLButtonElement).addEventListener('click', async () => {
    const text = snippet.value;
    const isCopied = await copyText(snippet);
    if (text === snippet.value) copied.textContent = isCopied ? 'Copied' : 'Selected: copy it with the keyboard';
  });

  /** @param {Partial<typeof shown>} changes */
  function update(changes) {
    shown = { ...shown, ...changes };
    const { id, parameters, result } = shown;
    const kind = /** @type {HTMLInputElement | null} */ (kinds.querySelector(':checked'))?.value ?? 'url';
    const { format = 'auto' } = parameters;
    const extension = format === 'auto' ? result.type.replace('+xml', '') || 'bin' : format;
    const fileName = `${shortId(id)}.${extension}`;
    const text = snippets[kind]?.({ id, parameters, known, base, zmq, fileName, ...result }) ?? '';
    if (text !== snippet.value) copied.textContent = '';
    snippet.value = text;
    download.href = imagePath(id, { ...parameters, download: fileName });
  }

  return { update };
}
