import { createControls } from './controls.js';
import { createDeleteDialog } from './delete-dialog.js';
import { byId } from './dom.js';
import { shortId } from './format.js';
import { createOriginal } from './original.js';
import { createResult } from './result.js';
import { createUsePanel } from './use-panel.js';

/**
 * @param {import('./service.js').Settings} settings
 * @param {{ onDeleted: (id: string) => void, onChange: (parameters: Record<string, string>) => void }} callbacks
 */
export function createEditor(settings, { onDeleted, onChange }) {
  const title = byId('editor-title', HTMLHeadingElement);
  let id = '';

  const original = createOriginal();
  const usePanel = createUsePanel(settings);
  const result = createResult((info) => usePanel.update({ result: info }));
  const controls = createControls(byId('controls', HTMLFormElement), settings.parameters, () => {
    const parameters = controls.read();
    onChange(parameters);
    usePanel.update({ parameters });
    result.update(id, parameters);
  });
  const deletion = createDeleteDialog(onDeleted);
  byId('delete', HTMLButtonElement).addEventListener('click', () => deletion.open(id));

  return {
    /**
     * @param {string} imageId
     * @param {Record<string, string>} parameters
     */
    open(imageId, parameters) {
      const isOther = id !== imageId;
      id = imageId;
      controls.write(parameters);
      if (isOther) {
        deletion.close();
        result.clear();
        title.textContent = `Image ${shortId(imageId)}`;
        title.focus();
        void original.show(imageId);
      }
      usePanel.update({ id, parameters, ...(isOther && { result: { width: 0, height: 0, type: '' } }) });
      result.update(id, parameters, true);
    },
    close() {
      id = '';
      deletion.close();
      result.stop();
    },
  };
}
