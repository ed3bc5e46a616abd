import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import { formatNames } from '../contract/formats.ts';
import { Grant } from '../contract/signing.ts';
import { Check } from '../contract/typebox.ts';
import { signGrant } from '../gateway/access/signing-keys.ts';
import type { Command } from './command.ts';
import { momentOf } from './moment.ts';
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
    const given = {
      expires: momentOf(expires),
      ...(maxBytes !== undefined && { max_bytes: Number(maxBytes) }),
      ...(formats !== undefined && { formats: formats.split(',') }),
      ...(imageId !== undefined && { image_id: imageId }),
      nonce: randomBytes(12).toString('base64url'),
    };
    if (!Check(Grant, given)) {
      const options = args.join(' ');
      throw new ConfigError(
        `Expected ${usage}, formats of ${formatNames.join(', ')} and bytes as an integer, but received ${options}`,
      );
    }
    process.stdout.write(`${signGrant(signingKey(), given)}\n`);
  },
};
