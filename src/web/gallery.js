import { byId, element, showMessage } from './dom.js';
import { formatBytes, shortId } from './format.js';
import { messageOf } from './response.js';
import { imagePath, listImages } from './service.js';

/** @typedef {import('./service.js').StoredImage} StoredImage */

/** The list of stored images, newest first. */
export function createGallery() {
  const list = byId('gallery', HTMLUListElement);
  const more = byId('more', HTMLButtonElement);
  const empty = byId('empty', HTMLParagraphElement);
  const message = byId('gallery-error', HTMLParagraphElement);
  /** @type {Map<string, HTMLLIElement>} */
  const cards = new Map();
  /** @type {string | undefined} */
  let cursor;
  let loaded = false;

  more.addEventListener('click', () => void load());

  async function load() {
    more.disabled = true;
    try {
      const page = await listImages(cursor);
      const first = page.images.find(({ image_id }) => !cards.has(image_id));
      for (const image of page.images) if (!cards.has(image.image_id)) list.append(cardOf(image));
      // Keyboard focus would be lost if the focused button were hidden.
      if (cursor !== undefined && first !== undefined) cards.get(first.image_id)?.querySelector('a')?.focus();
      cursor = page.next_cursor;
      more.hidden = cursor === undefined;
      more.textContent = 'Show more';
      loaded = true;
      showMessage(message, '');
    } catch (error) {
      more.hidden = false;
      more.textContent = 'Try again';
      showMessage(message, messageOf(error));
    }
    more.disabled = false;
    showEmpty();
  }

  function showEmpty() {
    empty.hidden = !loaded || cards.size > 0;
  }

  /** @param {StoredImage} image */
  function cardOf({ image_id, size }) {
    const thumbnail = element('img', {
      src: imagePath(image_id, { width: 400, height: 300, format: 'webp', quality: 75 }),
      width: 400,
      height: 300,
      loading: 'lazy',
      alt: '',
    });
    const item = element(
      'li',
      {},
      element(
        'a',
        { href: `#${image_id}` },
        thumbnail,
        element('span', { class: 'facts' }, element('code', {}, shortId(image_id)), ` ${formatBytes(size)}`),
      ),
    );
    thumbnail.addEventListener('error', () =>
      thumbnail.replaceWith(element('span', { class: 'no-preview' }, 'No preview')),
    );
    cards.set(image_id, item);
    return item;
  }

  return {
    load,
    /** @param {StoredImage} image newly stored */
    add(image) {
      list.prepend(cards.get(image.image_id) ?? cardOf(image));
      showEmpty();
    },
    /** @param {string} id */
    remove(id) {
      cards.get(id)?.remove();
      cards.delete(id);
      showEmpty();
    },
  };
}
