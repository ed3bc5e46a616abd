/**
 * Copies the text of a field. Falls back to a selection, since the clipboard API is unavailable over plain HTTP.
 * @param {HTMLTextAreaElement} source
 * @returns {Promise<boolean>} whether the text was copied
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
