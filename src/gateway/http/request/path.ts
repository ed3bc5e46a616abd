/** Path of a request URL, percent-decoded where the router does, so that `/images` and `/%69mages` are the same. */
export function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  try {
    return decodeURI(path);
  } catch {
    // The router has rejected it, or has no route for the method.
    return path;
  }
}
