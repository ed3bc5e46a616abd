import { messageOf } from './answer.js';
import { byId } from './dom.js';
import { formatBytes } from './format.js';
import { acceptFiles } from './incoming-files.js';
import { sendFile } from './send-file.js';
import { createUploadRow } from './upload-row.js';

/** More would share the same bandwidth. */
const maxParallel = 3;

/**
 * @param {number} maxBytes
 * @param {(image: import('./service.js').StoredImage) => void} onCreated new images only
 */
export function enableUploads(maxBytes, onCreated) {
  const form = byId('upload', HTMLFormElement);
  const input = byId('file', HTMLInputElement);
  const list = byId('uploads', HTMLUListElement);
  /** @type {(() => Promise<void>)[]} */
  const waiting = [];
  let running = 0;

  input.multiple = true;
  form.classList.add('scripted');
  byId('send', HTMLButtonElement).hidden = true;
  byId('upload-ways', HTMLSpanElement).hidden = false;
  byId('upload-title', HTMLHeadingElement).textContent = 'Drop images here';
  input.addEventListener('change', addChosen);
  form.addEventListener('submit', (event) => event.preventDefault());
  acceptFiles(form, add);
  // Those that were chosen before scripts were ready.
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
      waiting.push(async () => {
        try {
          check(file, maxBytes);
          const stored = await sendFile(file, row.progress);
          row.done(stored);
          if (stored.created) onCreated(stored);
        } catch (error) {
          row.failed(messageOf(error));
        }
      });
    }
    list.lastElementChild?.scrollIntoView({ block: 'nearest' });
    run();
  }

  function run() {
    while (running < maxParallel) {
      const next = waiting.shift();
      if (next === undefined) return;
      running += 1;
      void next().finally(() => {
        running -= 1;
        run();
      });
    }
  }
}

/**
 * @param {File} file
 * @param {number} maxBytes
 * @throws {Error}
 */
function check({ type, size }, maxBytes) {
  if (type !== '' && !type.startsWith('image/')) throw new Error(`Expected an image but received ${type}`);
  // Refused halfway, it would look like a failed connection.
  if (size > maxBytes) throw new Error(`Too large (limit ${formatBytes(maxBytes)})`);
}
