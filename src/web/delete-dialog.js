import { messageOf } from './answer.js';
import { byId, showMessage } from './dom.js';
import { deleteImage } from './service.js';

/** @param {(id: string) => void} onDeleted */
export function createDeleteDialog(onDeleted) {
  const dialog = byId('question', HTMLDialogElement);
  const confirm = byId('delete-confirm', HTMLButtonElement);
  const message = byId('delete-error', HTMLParagraphElement);
  let id = '';

  confirm.addEventListener('click', async () => {
    const asked = id;
    confirm.disabled = true;
    showMessage(message, '');
    try {
      await deleteImage(asked);
      if (asked === id) dialog.close();
      onDeleted(asked);
    } catch (error) {
      if (asked === id) showMessage(message, messageOf(error));
    } finally {
      confirm.disabled = false;
      if (dialog.open) confirm.focus();
    }
  });

  return {
    /** @param {string} asked */
    open(asked) {
      id = asked;
      showMessage(message, '');
      dialog.showModal();
    },
    close() {
      id = '';
      dialog.close();
    },
  };
}
