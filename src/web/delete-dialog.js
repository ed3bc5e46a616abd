import { byId, showMessage } from './dom.js';
import { messageOf } from './response.js';
import { deleteImage } from './service.js';

/**
 * Asks for confirmation and deletes an image.
 * @param {(id: string) => void} onDeleted
 */
export function createDeleteDialog(onDeleted) {
  const dialog = byId('delete-dialog', HTMLDialogElement);
  const confirm = byId('delete-confirm', HTMLButtonElement);
  const message = byId('delete-error', HTMLParagraphElement);
  let id = '';

  confirm.addEventListener('click', async () => {
    const confirmed = id;
    confirm.disabled = true;
    showMessage(message, '');
    try {
      await deleteImage(confirmed);
      if (confirmed === id) dialog.close();
      onDeleted(confirmed);
    } catch (error) {
      if (confirmed === id) showMessage(message, messageOf(error));
    } finally {
      confirm.disabled = false;
      if (dialog.open) confirm.focus();
    }
  });

  return {
    /** @param {string} imageId */
    open(imageId) {
      id = imageId;
      showMessage(message, '');
      dialog.showModal();
    },
    close() {
      id = '';
      dialog.close();
    },
  };
}
