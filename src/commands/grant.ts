import { parseArgs } from 'node:util';
import { uploadGrant } from '../client/sign.ts';
import { ConfigError } from '../config.ts';
import { formatNames } from '../contract/formats.ts';
import { verifyGrant } from '../gateway/access/signing-keys.ts';
import type { Command } from './command.ts';
import { parseExpiry } from './parse-expiry.ts';
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
      expires: parseExpiry(expires),
      ...(maxBytes !== undefined && { maxBytes: parseBytes(maxBytes) }),
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

/** @returns NaN unless the text is decimal digits: `Number` alone would accept `0x10` or an empty text */
function parseBytes(text: string): number {
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(bytes) ? bytes : Number.NaN;
}
