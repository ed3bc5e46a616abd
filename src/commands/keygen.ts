import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { curveKeyPair } from 'zeromq';
import { ConfigError } from '../config.ts';
import { readApiKeys } from '../gateway/access/api-keys.ts';
import type { Command } from './command.ts';
import { print } from './print.ts';

const usage =
  'imgwire keygen api NAME [--rights read+write], keygen curve NAME [--rights read+write], or keygen signing';

/** Length of every key. */
const keyBytes = 32;

export const keygen: Command = {
  summary: `make keys: ${usage.replaceAll('imgwire ', '')}`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { rights: { type: 'string' } },
    });
    const [kind = '', name = '', ...rest] = positionals;
    const isSigning = kind === 'signing';
    const isNamed = isSigning ? positionals.length === 1 && values.rights === undefined : name !== '';
    if (rest.length > 0 || !Object.hasOwn(kinds, kind) || !isNamed) {
      throw new ConfigError(`Expected ${usage} but received ${['keygen', ...args].join(' ')}`);
    }
    print(kinds[kind as keyof typeof kinds](name, values.rights ?? 'read+write').join('\n'));
  },
};

const kinds = {
  api(name: string, rights: string) {
    const key = `iw_${randomBytes(keyBytes).toString('base64url')}`;
    return [
      '# For the client; it is stored nowhere else:',
      `Authorization: Bearer ${key}`,
      '# For the service, after a comma if there are other keys:',
      `IMGWIRE_API_KEYS=${apiKeyEntry(name, rights, createHash('sha256').update(key).digest('hex'))}`,
    ];
  },
  curve(name: string, rights: string) {
    const client = curveKeyPair();
    const server = curveKeyPair();
    return [
      '# For the client, with the public key of the server; the secret key is stored nowhere else:',
      `CURVE_PUBLICKEY='${client.publicKey}'`,
      `CURVE_SECRETKEY='${client.secretKey}'`,
      '# For the service, after a comma if there are other keys:',
      `IMGWIRE_API_KEYS='${apiKeyEntry(name, rights, client.publicKey)}'`,
      '# The key pair of the service, with the first client only; later clients use the same CURVE_SERVERKEY:',
      `IMGWIRE_CURVE_SECRET_KEY='${server.secretKey}'`,
      `CURVE_SERVERKEY='${server.publicKey}'`,
    ];
  },
  signing() {
    const key = randomBytes(keyBytes).toString('hex');
    return ['# For the service, before its other keys, and for whoever signs:', `IMGWIRE_SIGNING_KEYS=${key}`];
  },
};

/** @throws ConfigError for an invalid name or right */
function apiKeyEntry(name: string, rights: string, key: string): string {
  const text = `${name}:${rights}:${key}`;
  // Either would start another part of the setting, such as everyone's right to read.
  if (/[:,]/.test(name + rights)) throw new ConfigError(`Expected ${usage} but received a colon or comma`);
  readApiKeys(text);
  return text;
}
