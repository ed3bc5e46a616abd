const prefix = /^data:[^,]{0,200};base64,/i;
/** Characters to look at. */
export const longestDataUriPrefix = 256;

/** Characters before the base64 of a data: URI (RFC 2397); 0 for base64 alone. */
export function dataUriPrefix(text: string): number {
  return prefix.exec(text.slice(0, longestDataUriPrefix))?.[0].length ?? 0;
}
