import { parseArgs } from 'node:util';
import { uploadGrant } from '../client/sign.ts';
import { ConfigError } from '../config.ts';
import { formatNames } from '../contract/formats.ts';
import { verifyGrant } from '../gateway/access/signing-keys.ts';
import type { Command } from './command.ts';
import { momentOf } from './moment.ts';
import { print } from './print.ts';
import { signingKey } from './signing-key.ts';

const usage = 'imgwire grant --expires 15m [--max-bytes 5000000] [--formats jpeg,png] [--image-id ID]';

export const grant: Command = {
  summary: `grant one upload, with IMGWIRE_SIGNING_KEYS: ${usage.replace('imgwire ', '')}`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        expires: { type: 'string' },
        'max-bytes': { type: 'string' },
        formats: { type: 'string' },
        'image-id': { type: 'string' },
      },
    });
    const { expires, formats, 'max-bytes': maxBytes, 'image-id': imageId } = values;
    if (expires === undefined) throw new ConfigError(`Expected ${usage}`);
    const key = signingKey();
    const token = await uploadGrant({
      key,
      expires: momentOf(expires),
      ...(maxBytes !== undefined && { maxBytes: bytesOf(maxBytes) }),
      ...(formats !== undefined && { formats: formats.split(',') }),
      ...(imageId !== undefined && { imageId }),
    });
    try {
      verifyGrant([key], token);
    } catch (cause) {
      const expected = `${usage}, formats of ${formatNames.join(', ')} and bytes as an integer,`;
      throw new ConfigError(`Expected ${expected} but received ${args.join(' ')}`, { cause });
    }
    print(token);
  },
};

/** Of decimal digits; what else `Number` takes, such as `0x10` or nothing, is a mistake. */
function bytesOf(text: string): number {
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(bytes) ? bytes : Number.NaN;
}
