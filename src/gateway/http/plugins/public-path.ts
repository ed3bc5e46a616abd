import type { App } from '../door.ts';

/**
 * Lets a proxy pass the public path on instead of stripping it. Not if one of our routes begins like it: `/images/…`
 * would have two meanings.
 */
export function createPublicPath(path: string) {
  const taken = new Set<string | undefined>();
  let isStripped = false;
  return {
    strip: (url: string): string => (isStripped && url.startsWith(`${path}/`) ? url.slice(path.length) : url),
    /** Before the other routes. */
    watchRoutes(app: App): void {
      app.addHook('onRoute', ({ url }) => void taken.add(firstSegment(url)));
    },
    /** After the other routes. The page's addresses are relative: it needs the slash. */
    addRedirect(app: App): void {
      isStripped = path !== '' && !taken.has(firstSegment(path));
      if (isStripped) app.get(path, { schema: { hide: true } }, (_request, reply) => reply.redirect(`${path}/`));
    },
  };
}

const firstSegment = (path: string) => path.split('/')[1];
