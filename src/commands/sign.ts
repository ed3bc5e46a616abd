import { parseArgs } from 'node:util';
import { signUrl } from '../client/sign.ts';
import { ConfigError } from '../config.ts';
import type { Command } from './command.ts';
import { checkExpiry, parseExpiry } from './parse-expiry.ts';
import { print } from './print.ts';
import { signingKey } from './signing-key.ts';

const usage = "imgwire sign '/images/ID?width=720' [--expires 2h]";

export const sign: Command = {
  summary: `sign a URL with IMGWIRE_SIGNING_KEYS: ${usage.replace('imgwire ', '')}`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { expires: { type: 'string' } },
    });
    const [url, ...rest] = positionals;
    if (url === undefined || rest.length > 0) throw new ConfigError(`Expected ${usage}`);
    if (/[\s#]|\?.*\?/.test(url)) {
      throw new ConfigError(`Expected spaces, # and ? in values as %20, %23 and %3F but received ${url}`);
    }
    const expires = values.expires === undefined ? {} : { expires: parseExpiry(values.expires) };
    const signed = await signUrl(url, { key: signingKey(), ...expires }).catch((cause: Error) => {
      throw new ConfigError(cause.message, { cause });
    });
    checkUrlExpiry(signed);
    print(signed);
  },
};

/** @throws ConfigError if `expires` came with the URL and the service would refuse it */
function checkUrlExpiry(signed: string): void {
  const expires = new URLSearchParams(signed.slice(signed.indexOf('?'))).get('expires');
  if (expires === null) return;
  if (/^\d+$/.test(expires)) checkExpiry(Number(expires), 'expires', expires);
  else throw new ConfigError(`Expected seconds since 1970 for expires but received ${expires}`);
}
