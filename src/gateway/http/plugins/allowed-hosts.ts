import { isIP } from 'node:net';
import { type ErrorCode, RequestError } from '../../../contract/errors.ts';
import { received } from '../../../contract/validate.ts';
import { memoize } from '../../memoize.ts';
import type { App, HttpDoorOptions } from '../door.ts';

const maxHosts = 256;

type Verdict = 'allowed' | 'foreign' | 'invalid';

/**
 * Refuses a Host that is neither loopback, an IP address, of the public URL nor configured: with DNS rebinding, a foreign
 * page would pass as same-origin. HTTP/1.0 without Host passes; HTTP/1.1 needs one (RFC 9112, 3.2).
 */
export function allowedHosts(app: App, { config }: Pick<HttpDoorOptions, 'config'>): void {
  const { allowedHosts: names, publicUrl } = config;
  const configured = new Set(names.map(nameOf));
  if (publicUrl.origin !== undefined) configured.add(nameOf(new URL(publicUrl.origin).host));
  const allowsAll = configured.has('*');
  const judge = memoize(maxHosts, (host): Verdict => {
    const name = nameOf(host);
    if (name === undefined) return 'invalid';
    return allowsAll || isLoopback(name) || isIP(name) !== 0 || configured.has(name) ? 'allowed' : 'foreign';
  });

  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const { host = '' } = raw.headers;
    const count = hostCount(raw.rawHeaders);
    if (count === 0 && raw.httpVersion === '1.0') return done();
    if (count !== 1) return done(wrong('invalid_request', 'one Host', count));
    switch (judge(host)) {
      case 'allowed':
        return done();
      case 'invalid':
        return done(wrong('invalid_request', 'a Host that is a name or an IP address, with or without a port,', host));
      case 'foreign':
        return done(
          wrong('forbidden', 'a Host that is a loopback name, an IP address or listed in IMGWIRE_ALLOWED_HOSTS', host),
        );
    }
  });
}

function wrong(code: ErrorCode, expected: string, came: unknown): RequestError {
  return new RequestError(code, `Expected ${expected} but received ${received(came)}`, { parameter: 'Host' });
}

/** `headers` has the first alone. */
function hostCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** `Example.org.:8080` → `example.org`, `[::1]:8080` → `::1`; undefined for what is no host (RFC 3986, 3.2.2). */
function nameOf(host: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([\w.~!$&'()*+,;=%-]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  return address ?? name?.replace(/\.$/, '');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}
