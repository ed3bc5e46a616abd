import helmet from '@fastify/helmet';
import type { App } from '../door.ts';

export type PolicyDirectives = Record<string, readonly string[]>;

/**
 * Security headers of the documents that browsers open. Not for images: helmet takes a third of a cache hit's time.
 */
export function documentHeaders(scope: App, directives: PolicyDirectives): void {
  scope.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: directives as Record<string, string[]> },
    // no-referrer would turn the Origin of the page's form into null.
    referrerPolicy: { policy: 'same-origin' },
    // For the whole host, and so for whoever terminates TLS to decide.
    strictTransportSecurity: false,
    // Secure contexts only: browsers complain about it elsewhere.
    crossOriginOpenerPolicy: false,
    // Images of the same origin do not ask for it.
    originAgentCluster: false,
  });
}
