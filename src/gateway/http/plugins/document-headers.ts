import helmet from '@fastify/helmet';
import type { App } from '../door.ts';

export type PolicyDirectives = Record<string, readonly string[]>;

/** Sets security headers on HTML documents. Not used for images: helmet takes a third of a cache hit's time. */
export function documentHeaders(scope: App, directives: PolicyDirectives): void {
  scope.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: directives as Record<string, string[]> },
    // no-referrer would make the Origin of the page's form null.
    referrerPolicy: { policy: 'same-origin' },
    // Applies to the whole host, so it is up to whatever terminates TLS.
    strictTransportSecurity: false,
    // Browsers warn about it outside secure contexts.
    crossOriginOpenerPolicy: false,
    // The images of the same origin do not send it.
    originAgentCluster: false,
  });
}
