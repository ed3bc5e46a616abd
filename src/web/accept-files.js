/** Marks drags that start on this page: browsers expose a dragged <img> as a file. */
const ownDrag = 'application/x-imgwire-drag';

/**
 * Accepts files dropped on an element, or pasted while it is visible. Prevents the browser from opening files dropped
 * elsewhere.
 * @param {HTMLElement} zone
 * @param {(files: Iterable<File>) => void} add
 */
export function acceptFiles(zone, add) {
  document.addEventListener('paste', (event) => {
    const { clipboardData: data, target } = event;
    if (data === null || data.files.length === 0) return;
    if (!zone.checkVisibility() || isTextField(target) || isRichText(data)) return;
    event.preventDefault();
    add(data.files);
  });

  document.addEventListener('dragstart', ({ dataTransfer }) => dataTransfer?.setData(ownDrag, '1'));
  document.addEventListener('dragover', (event) => {
    const { dataTransfer: data } = event;
    if (data === null || !isFileDrag(data, event.target)) return highlight(false);
    event.preventDefault();
    const accepted = isInZone(event.target);
    data.dropEffect = accepted ? 'copy' : 'none';
    highlight(accepted);
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!isInZone(relatedTarget)) highlight(false);
  });
  document.addEventListener('drop', (event) => {
    const { dataTransfer: data } = event;
    highlight(false);
    if (data === null || !isFileDrag(data, event.target)) return;
    event.preventDefault();
    if (isInZone(event.target)) add(data.files);
  });

  /** @param {boolean} on */
  function highlight(on) {
    zone.classList.toggle('over', on);
  }

  /** @param {EventTarget | null} target */
  function isInZone(target) {
    return target instanceof Node && zone.contains(target);
  }
}

/**
 * An image dragged from a web page is a file plus HTML, which text fields accept.
 * @param {DataTransfer} data
 * @param {EventTarget | null} target
 */
function isFileDrag({ types }, target) {
  if (!types.includes('Files') || types.includes(ownDrag)) return false;
  return !(types.includes('text/html') && isTextField(target));
}

/** @param {EventTarget | null} target */
function isTextField(target) {
  const fields = 'input:not([type="file"]), textarea, select, [contenteditable]';
  return target instanceof Element && target.closest(fields) !== null;
}

/**
 * Spreadsheets copy text together with a picture of it; file managers copy file names without HTML.
 * @param {DataTransfer} data
 */
function isRichText(data) {
  return data.types.includes('text/html') && data.getData('text/plain').trim() !== '';
}
