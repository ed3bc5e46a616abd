import { parseArgs } from 'node:util';
import { signUrl } from '../client/sign.ts';
import { ConfigError } from '../config.ts';
import type { Command } from './command.ts';
import { momentOf } from './moment.ts';
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
    const expires = values.expires === undefined ? {} : { expires: momentOf(values.expires) };
    const signed = await signUrl(url, { key: signingKey(), ...expires }).catch((cause: Error) => {
      throw new ConfigError(cause.message, { cause });
    });
    print(signed);
  },
};
