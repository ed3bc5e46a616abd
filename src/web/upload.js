import { acceptFiles } from './accept-files.js';
import { byId } from './dom.js';
import { formatBytes } from './format.js';
import { messageOf } from './response.js';
import { sendFile } from './send-file.js';
import { createUploadRow } from './upload-row.js';

/** More would only share the same bandwidth. */
const maxParallel = 3;

/**
 * Uploads files that are chosen, dropped or pasted.
 * @param {number} maxBytes of a file
 * @param {(image: import('./service.js').StoredImage) => void} onCreated called for new images only
 */
export function enableUploads(maxBytes, onCreated) {
  const form = byId('upload', HTMLFormElement);
  const input = byId('file', HTMLInputElement);
  const list = byId('uploads', HTMLUListElement);
  /** @type {(() => Promise<void>)[]} */
  const queue = [];
  let running = 0;

  input.multiple = true;
  form.classList.add('scripted');
  byId('send', HTMLButtonElement).hidden = true;
  byId('upload-ways', HTMLSpanElement).hidden = false;
  byId('upload-title', HTMLHeadingElement).textContent = 'Drop images here';
  input.addEventListener('change', addChosen);
  form.addEventListener('submit', (event) => event.preventDefault());
  acceptFiles(form, add);
  // Files chosen before this script loaded.
  addChosen();

  function addChosen() {
    add(input.files ?? []);
    form.reset();
  }

  /** @param {Iterable<File>} files */
  function add(files) {
    for (const file of files) {
      const row = createUploadRow(file);
      list.append(row.item);
      queue.push(async () => {
        try {
          checkFile(file, maxBytes);
          const stored = await sendFile(file, row.progress);
          row.done(stored);
          if (stored.created) onCreated(stored);
        } catch (error) {
          row.failed(messageOf(error));
        }
      });
    }
    list.lastElementChild?.scrollIntoView({ block: 'nearest' });
    startUploads();
  }

  function startUploads() {
    while (running < maxParallel) {
      const next = queue.shift();
      if (next === undefined) return;
      running += 1;
      void next().finally(() => {
        running -= 1;
        startUploads();
      });
    }
  }
}

/**
 * @param {File} file
 * @param {number} maxBytes
 * @throws {Error} with a message to show
 */
function checkFile({ type, size }, maxBytes) {
  if (type !== '' && !type.startsWith('image/')) throw new Error(`Expected an image but received ${type}`);
  // If the server aborted the upload, it would look like a failed connection.
  if (size > maxBytes) throw new Error(`Too large (limit ${formatBytes(maxBytes)})`);
}
