import { element } from './dom.js';
import { formatBytes } from './format.js';
import { imagePath } from './service.js';

/**
 * A row of the upload list, with progress and outcome.
 * @param {File} file
 */
export function createUploadRow(file) {
  const bar = element('progress', { max: 1, value: 0, 'aria-label': `Upload of ${file.name}` });
  const status = element('span', { class: 'status', role: 'status' }, 'Waiting');
  const item = element('li', {}, element('span', { class: 'name' }, file.name), bar, status);
  return {
    item,
    /** @param {number} share 0 to 1 */
    progress(share) {
      bar.value = share;
      status.textContent = share < 1 ? `${Math.floor(share * 100)} % of ${formatBytes(file.size)}` : 'Processing';
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
