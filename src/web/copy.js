/**
 * Copies the text of a field, or selects it. Plain HTTP has no clipboard API.
 * @param {HTMLTextAreaElement} source
 * @returns {Promise<boolean>} whether it is copied
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
