/**
 * Copies a field's text, or selects it: plain HTTP has no clipboard API.
 * @param {HTMLTextAreaElement} source
 * @returns {Promise<boolean>} whether copied
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
