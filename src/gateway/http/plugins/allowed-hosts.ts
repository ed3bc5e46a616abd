import { isIP } from 'node:net';
import { RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import { memoize } from '../../memoize.ts';
import type { App, HttpDoorOptions } from '../door.ts';

const maxHosts = 256;

/**
 * Refuses a Host that is neither loopback, an IP address, of the public URL nor configured: with DNS rebinding, a foreign
 * page would pass as same-origin. HTTP/1.0 without Host passes.
 */
export function allowedHosts(app: App, { config }: Pick<HttpDoorOptions, 'config'>): void {
  const { allowedHosts: names, publicUrl } = config;
  const configured = new Set(names.map(nameOf));
  if (publicUrl.origin !== undefined) configured.add(nameOf(new URL(publicUrl.origin).host));
  if (configured.has('*')) return;
  const isAllowed = memoize(maxHosts, (host) => {
    const name = nameOf(host);
    return isLoopback(name) || isIP(name) !== 0 || configured.has(name);
  });

  app.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.raw.headers;
    if (host === undefined || isAllowed(host)) return done();
    const message = `Expected a Host that is a loopback name, an IP address or listed in IMGWIRE_ALLOWED_HOSTS but received ${received(host)}`;
    done(new RequestError('forbidden', message, { parameter: 'Host' }));
  });
}

/** `Example.org.:8080` → `example.org`, `[::1]:8080` → `::1`. */
function nameOf(host: string): string {
  const [, address, name = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  return address ?? name.replace(/\.$/, '');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}
