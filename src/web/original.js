import { byId, showMessage } from './dom.js';
import { formatBytes } from './format.js';
import { messageOf } from './response.js';
import { describeImage, imagePath } from './service.js';

/** Formats that browsers display; the others get a preview. */
const webFormats = ['jpeg', 'png', 'webp', 'gif', 'avif', 'svg'];

/** The original image with its format and size. */
export function createOriginal() {
  const image = byId('original', HTMLImageElement);
  const facts = byId('original-facts', HTMLSpanElement);
  const message = byId('original-error', HTMLParagraphElement);
  let shown = '';

  image.addEventListener('load', () => {
    image.hidden = false;
  });
  image.addEventListener('error', () => {
    image.hidden = true;
    showMessage(message, 'Cannot show this image');
  });

  return {
    /** @param {string} id */
    async show(id) {
      shown = id;
      image.hidden = true;
      image.removeAttribute('src');
      facts.textContent = '';
      showMessage(message, '');
      try {
        const { format, width, height, size } = await describeImage(id);
        if (shown !== id) return;
        const preview = { width: 1200, height: 1200, fit: 'inside', enlarge: false, format: 'webp' };
        image.src = imagePath(id, webFormats.includes(format) ? {} : preview);
        facts.textContent = `${format} · ${width} × ${height} · ${formatBytes(size)}`;
      } catch (error) {
        if (shown === id) showMessage(message, messageOf(error));
      }
    },
  };
}
