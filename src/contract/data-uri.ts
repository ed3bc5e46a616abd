const prefix = /^data:[^,]{0,200};base64,/i;
/** In characters. */
export const maxDataUriPrefixLength = 256;

/** Length in characters of what precedes the base64 in a data: URI (RFC 2397); 0 for plain base64. */
export function dataUriPrefix(text: string): number {
  return prefix.exec(text.slice(0, maxDataUriPrefixLength))?.[0].length ?? 0;
}
