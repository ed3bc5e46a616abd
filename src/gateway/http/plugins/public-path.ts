import type { App } from '../door.ts';

/**
 * Strips the path of the public URL, for proxies that pass it on. Disabled if a route starts with the same segment,
 * which would make `/images/…` ambiguous.
 */
export function createPublicPath(path: string) {
  const routeSegments = new Set<string | undefined>();
  let isStripped = false;
  return {
    strip: (url: string): string => (isStripped && url.startsWith(`${path}/`) ? url.slice(path.length) : url),
    /** Call before the routes are added. */
    watchRoutes(app: App): void {
      app.addHook('onRoute', ({ url }) => void routeSegments.add(firstSegment(url)));
    },
    /** Call after the routes are added. The page uses relative URLs, so it needs the trailing slash. */
    addRedirect(app: App): void {
      isStripped = path !== '' && !routeSegments.has(firstSegment(path));
      if (isStripped) app.get(path, { schema: { hide: true } }, (_request, reply) => reply.redirect(`${path}/`));
    },
  };
}

const firstSegment = (path: string) => path.split('/')[1];
