import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import { signedText } from '../contract/signing.ts';
import { hmac } from '../gateway/access/signing-keys.ts';
import type { Command } from './command.ts';
import { momentOf } from './moment.ts';
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
    const expires = values.expires === undefined ? undefined : momentOf(values.expires);
    process.stdout.write(`${signUrl(url, signingKey(), expires)}\n`);
  },
};

/** @throws ConfigError for a URL without /images/ or /resize, or with a repeated parameter */
function signUrl(url: string, key: string, expires: number | undefined): string {
  const [address = '', query = ''] = url.split('?', 2);
  const path = /\/(?:images\/[^?#]+|resize)$/.exec(address)?.[0];
  if (path === undefined) throw new ConfigError(`Expected an address of /images/… or /resize but received ${url}`);
  const parameters = new URLSearchParams(query);
  parameters.delete('signature');
  if (expires !== undefined) parameters.set('expires', String(expires));
  const named = Object.fromEntries(parameters);
  if (Object.keys(named).length !== parameters.size)
    throw new ConfigError(`Expected each parameter once but received ${url}`);
  parameters.set('signature', hmac(key, signedText(path, named)));
  return `${address}?${parameters}`;
}
