import { byId, element } from './dom.js';
import { formatBytes, problemDetail } from './format.js';
import { imagePath, settings } from './service.js';

/** More parallel uploads would only share the same bandwidth. */
const maxParallel = 3;

/**
 * Uploads files that are chosen, dropped or pasted, and shows progress or the error of each.
 * @param {(image: import('./service.js').StoredImage) => void} onStored
 */
export function enableUploads(onStored) {
  const form = byId('upload', HTMLFormElement);
  const input = byId('file', HTMLInputElement);
  const list = byId('uploads', HTMLUListElement);
  /** @type {(() => Promise<void>)[]} */
  const waiting = [];
  let running = 0;

  input.multiple = true;
  form.classList.add('scripted');
  byId('send', HTMLButtonElement).hidden = true;
  input.addEventListener('change', () => {
    add(input.files ?? []);
    form.reset();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('paste', ({ clipboardData }) => add(clipboardData?.files ?? []));
  acceptDrops(form, add);

  /** @param {Iterable<File>} files */
  function add(files) {
    for (const file of files) {
      const row = createUploadRow(file);
      list.append(row.item);
      waiting.push(async () => {
        try {
          const stored = await send(file, row.progress);
          row.done(stored);
          onStored(stored);
        } catch (error) {
          row.failed(error instanceof Error ? error.message : String(error));
        }
      });
    }
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
 * @param {HTMLElement} target
 * @param {(files: Iterable<File>) => void} add
 */
function acceptDrops(target, add) {
  const mark = (/** @type {boolean} */ on) => target.classList.toggle('over', on);
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => mark(relatedTarget !== null));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(false);
    add(event.dataTransfer?.files ?? []);
  });
}

/** @param {File} file */
function createUploadRow(file) {
  const bar = element('progress', { max: 1, value: 0, 'aria-label': `Upload of ${file.name}` });
  const status = element('span', { class: 'status', role: 'status' }, 'Waiting');
  const item = element('li', {}, element('span', { class: 'name' }, file.name), bar, status);
  return {
    item,
    /** @param {number} share 0 to 1 */
    progress(share) {
      bar.value = share;
      status.textContent = share < 1 ? `${Math.floor(share * 100)} % of ${formatBytes(file.size)}` : 'Checking';
    },
    /** @param {{ image_id: string, created: boolean }} stored */
    done({ image_id, created }) {
      const thumbnail = imagePath(image_id, { width: 96, height: 96, format: 'webp' });
      bar.replaceWith(element('a', { href: `#${image_id}` }, 'Open'));
      const picture = element('img', { src: thumbnail, width: 48, height: 48, alt: '' });
      picture.addEventListener('error', () => picture.remove());
      item.prepend(picture);
      item.classList.add('done');
      status.textContent = created ? 'Stored' : 'Already stored';
    },
    /** @param {string} message */
    failed(message) {
      bar.remove();
      item.classList.add('failed');
      status.textContent = message;
    },
  };
}

/**
 * Sends one file. By XMLHttpRequest, since fetch reports no upload progress.
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @returns {Promise<{ image_id: string, size: number, created: boolean }>}
 */
function send(file, onProgress) {
  return new Promise((resolve, reject) => {
    // A refusal in the middle of an upload looks to a browser like a network error.
    if (file.size > settings.maxUploadBytes) {
      return reject(new Error(`Too large (limit ${formatBytes(settings.maxUploadBytes)})`));
    }
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(new Error(problemDetail(request.responseText, request.status)));
    });
    request.addEventListener('error', () => reject(new Error('Cannot reach the server')));
    request.open('POST', '/images');
    request.setRequestHeader('Accept', 'application/json');
    const form = new FormData();
    form.set('image', file);
    request.send(form);
  });
}
