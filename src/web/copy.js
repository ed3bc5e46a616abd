/**
 * Copies the text of a field. Without access to the clipboard, as over plain HTTP, falls back to the copy command,
 * and else leaves the text selected.
 * @param {HTMLTextAreaElement} source
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyText(source) {
  try {
    await navigator.clipboard.writeText(source.value);
    return true;
  } catch {
    source.select();
    return document.execCommand('copy');
  }
}
