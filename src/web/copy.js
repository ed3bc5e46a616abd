/**
 * Copies the text of a field. Where the page may not write to the clipboard, as over plain HTTP,
 * the old command does it, or the text is left selected for the user to copy.
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
