import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../config.ts';
import { type Right, rights } from '../../contract/rights.ts';
import { decodeZ85, isZ85Key } from './z85.ts';

/** The client behind a request, and what its key allows. */
export interface Caller {
  /** Name of the key; undefined without one. */
  readonly name: string | undefined;
  readonly rights: ReadonlySet<Right>;
}

export interface ApiKeys {
  /** No API keys are configured: everyone has every right. */
  readonly isEmpty: boolean;
  /** Public CURVE keys in hex. */
  readonly curveKeys: ReadonlySet<string>;
  /** Caller without a key. */
  readonly anyone: Caller;
  ofKey(key: string): Caller | undefined;
  /** @param curveKey public key in hex */
  ofCurveKey(curveKey: string): Caller | undefined;
}

const allRights: ReadonlySet<Right> = new Set(rights);
const entryFormat = `NAME:RIGHTS:KEY, with rights of ${rights.join('+')}, and the SHA-256 of a key, a public CURVE key, or * for read without a key`;
const clientKeyFormat = 'public CURVE keys of 40 Z85 characters, without duplicates and not in IMGWIRE_API_KEYS';

/**
 * Parses `backend:read+write:SHA256,ops:admin:Z85,anyone:read:*`.
 * @param curveClientKeys public CURVE keys in Z85, each with all rights
 * @throws ConfigError that names the entry, never the key; also for one key under two names, whose rights
 * would be ambiguous
 */
export function readApiKeys(text: string, curveClientKeys: readonly string[] = []): ApiKeys {
  const hashes: { hash: Buffer; caller: Caller }[] = [];
  const curve = new Map<string, Caller>();
  const names = new Set<string>();
  /** By key: the name, or the entry in IMGWIRE_CURVE_CLIENT_KEYS, that owns it. */
  const owners = new Map<string, string>();
  const claim = (key: string, owner: string, entryError: (actual: string) => ConfigError) => {
    const other = owners.get(key);
    if (other !== undefined) throw entryError(`the key of ${other} again for ${owner}`);
    owners.set(key, owner);
  };
  let anyone: Caller | undefined;
  for (const [index, entry] of entriesOf(text)) {
    const [name = '', list = '', ...rest] = entry.split(':');
    // Z85 has colons.
    const key = rest.join(':');
    const entryError = (actual: string) =>
      new ConfigError(`Expected IMGWIRE_API_KEYS to hold ${entryFormat} but received ${actual} in entry ${index + 1}`);
    if (!/^[\w.-]{1,64}$/.test(name)) throw entryError('no valid name (letters, digits, dots, dashes and underscores)');
    if (names.has(name)) throw entryError(`the name ${name} again`);
    names.add(name);
    const listed = list.split('+');
    const unknown = listed.find((right) => !allRights.has(right as Right));
    if (unknown !== undefined) {
      // It may be a misplaced key, so only a short word is quoted.
      const shown = /^[a-z]{1,8}$/.test(unknown) ? `the unknown right "${unknown}"` : 'an unknown right';
      throw entryError(`${shown} for ${name}`);
    }
    const caller = { name, rights: new Set(listed as Right[]) };
    if (key === '*') {
      if (list !== 'read') throw entryError(`rights beyond read without a key for ${name}`);
      claim(key, name, entryError);
      anyone = { name: undefined, rights: caller.rights };
    } else if (/^[0-9a-f]{64}$/i.test(key)) {
      const hash = Buffer.from(key, 'hex');
      claim(`SHA-256 ${hash.toString('hex')}`, name, entryError);
      hashes.push({ hash, caller });
    } else if (isZ85Key(key)) {
      const curveKey = decodeZ85(key).toString('hex');
      claim(curveKey, name, entryError);
      curve.set(curveKey, caller);
    } else throw entryError(`an invalid key for ${name}`);
  }
  for (const [index, key] of curveClientKeys.entries()) {
    const entryError = (actual: string) =>
      new ConfigError(`Expected IMGWIRE_CURVE_CLIENT_KEYS to hold ${clientKeyFormat} but received ${actual}`);
    if (!isZ85Key(key)) throw entryError(`an invalid key in entry ${index + 1}`);
    const curveKey = decodeZ85(key).toString('hex');
    claim(curveKey, `entry ${index + 1}`, entryError);
    // Tells clients apart in the log; the key is public.
    curve.set(curveKey, { name: `curve-${key.slice(0, 8)}`, rights: allRights });
  }
  const isEmpty = names.size === 0;
  return {
    isEmpty,
    curveKeys: new Set(curve.keys()),
    anyone: anyone ?? { name: undefined, rights: isEmpty ? allRights : new Set() },
    ofKey(key) {
      const hash = createHash('sha256').update(key).digest();
      // Compares every hash, each in constant time.
      const found = hashes.filter((candidate) => timingSafeEqual(candidate.hash, hash));
      return found[0]?.caller;
    },
    ofCurveKey: (key) => curve.get(key),
  };
}

function entriesOf(text: string): [number, string][] {
  if (text === '') return [];
  return text.split(',').map((entry, index) => [index, entry.trim()]);
}
