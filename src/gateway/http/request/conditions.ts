/** Whether If-None-Match names the current entity tag: a list of tags, compared weakly (RFC 9110, 13.1.2), or `*`. */
export function noneMatchHolds(header: string, tag: string | undefined): boolean {
  // The usual case first.
  if (header === tag) return true;
  if (header.trim() === '*') return true;
  const tags: string[] = header.match(/"[^"]*"/g) ?? [];
  return tag !== undefined && tags.includes(tag);
}
