import { isIP } from 'node:net';
import { received } from '../../../contract/error-text.ts';
import { type ErrorCode, RequestError } from '../../../contract/errors.ts';
import { memoize } from '../../memoize.ts';
import type { App, HttpDoorOptions } from '../door.ts';

const maxHosts = 256;

type Verdict = 'allowed' | 'foreign' | 'invalid';

/**
 * Rejects a Host that is neither loopback, an IP address, the public URL's nor configured, against DNS rebinding: a
 * foreign page would pass as same-origin. HTTP/1.0 may omit Host; HTTP/1.1 requires exactly one (RFC 9112, 3.2).
 */
export function allowedHosts(app: App, { config }: Pick<HttpDoorOptions, 'config'>): void {
  const { allowedHosts: names, publicUrl } = config;
  const configured = new Set(names.map(hostnameOf));
  if (publicUrl.origin !== undefined) configured.add(hostnameOf(new URL(publicUrl.origin).host));
  const allowsAll = configured.has('*');
  const judge = memoize(maxHosts, (host): Verdict => {
    const name = hostnameOf(host);
    if (name === undefined) return 'invalid';
    return allowsAll || isLoopbackName(name) || isIP(name) !== 0 || configured.has(name) ? 'allowed' : 'foreign';
  });

  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const { host = '' } = raw.headers;
    const count = hostCount(raw.rawHeaders);
    if (count === 0 && raw.httpVersion === '1.0') return done();
    if (count !== 1) return done(hostError('invalid_request', 'one Host', count));
    switch (judge(host)) {
      case 'allowed':
        return done();
      case 'invalid':
        return done(
          hostError('invalid_request', 'a Host that is a name or an IP address, with or without a port,', host),
        );
      case 'foreign':
        return done(
          hostError(
            'forbidden',
            'a Host that is a loopback name, an IP address or listed in IMGWIRE_ALLOWED_HOSTS',
            host,
          ),
        );
    }
  });
}

function hostError(code: ErrorCode, expected: string, actual: unknown): RequestError {
  return new RequestError(code, `Expected ${expected} but received ${received(actual)}`, { parameter: 'Host' });
}

/** Counts raw headers, as `headers` keeps only the first. */
function hostCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** `Example.org.:8080` → `example.org`, `[::1]:8080` → `::1`; undefined for an invalid host (RFC 3986, 3.2.2). */
function hostnameOf(host: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([\w.~!$&'()*+,;=%-]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  return address ?? name?.replace(/\.$/, '');
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}
