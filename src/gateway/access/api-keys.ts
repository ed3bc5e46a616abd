import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../../config.ts';
import { type Right, rights } from '../../contract/rights.ts';
import { decodeZ85, isZ85Key } from './z85.ts';

/** Who asks. */
export interface Caller {
  /** Of its key; undefined without one. */
  readonly name: string | undefined;
  readonly rights: ReadonlySet<Right>;
}

export interface ApiKeys {
  /** Without any, everyone may do everything. */
  readonly isEmpty: boolean;
  /** Public CURVE keys in hex. */
  readonly curveKeys: ReadonlySet<string>;
  /** Who has no key. */
  readonly anyone: Caller;
  ofKey(key: string): Caller | undefined;
  /** @param curveKey public key in hex */
  ofCurveKey(curveKey: string): Caller | undefined;
}

const all: ReadonlySet<Right> = new Set(rights);
const form = `NAME:RIGHTS:KEY, with rights of ${rights.join('+')}, and the SHA-256 of a key, a public CURVE key, or * for read without a key`;
const clientKeyForm = 'public CURVE keys of 40 Z85 characters, each once and none that is in IMGWIRE_API_KEYS';

/**
 * Parses `backend:read+write:SHA256,ops:admin:Z85,anyone:read:*`.
 * @param curveClientKeys public CURVE keys in Z85 with all rights
 * @throws ConfigError that names the entry, never the key; also for a key under two names, whose rights would be unclear
 */
export function readApiKeys(text: string, curveClientKeys: readonly string[] = []): ApiKeys {
  const hashes: { hash: Buffer; caller: Caller }[] = [];
  const curve = new Map<string, Caller>();
  const names = new Set<string>();
  /** Who has a key: names, and entries of IMGWIRE_CURVE_CLIENT_KEYS. */
  const holders = new Map<string, string>();
  const hold = (key: string, holder: string, mistake: (came: string) => ConfigError) => {
    const other = holders.get(key);
    if (other !== undefined) throw mistake(`the key of ${other} once more for ${holder}`);
    holders.set(key, holder);
  };
  let anyone: Caller | undefined;
  for (const [index, entry] of entriesOf(text)) {
    const [name = '', list = '', ...rest] = entry.split(':');
    // Z85 has colons.
    const key = rest.join(':');
    const mistake = (came: string) =>
      new ConfigError(`Expected IMGWIRE_API_KEYS to hold ${form} but received ${came} as entry ${index + 1}`);
    if (!/^[\w.-]{1,64}$/.test(name)) throw mistake('no name of letters, digits, dots, dashes and underscores');
    if (names.has(name)) throw mistake(`${name} once more`);
    names.add(name);
    const given = list.split('+');
    const unknown = given.find((right) => !all.has(right as Right));
    // It may be a key.
    const shown = /^[a-z]{1,8}$/.test(unknown ?? '') ? JSON.stringify(unknown) : 'no right';
    if (unknown !== undefined) throw mistake(`${shown} as a right of ${name}`);
    const caller = { name, rights: new Set(given as Right[]) };
    if (key === '*') {
      if (list !== 'read') throw mistake(`more than read without a key for ${name}`);
      hold(key, name, mistake);
      anyone = { name: undefined, rights: caller.rights };
    } else if (/^[0-9a-f]{64}$/i.test(key)) {
      const hash = Buffer.from(key, 'hex');
      hold(`SHA-256 ${hash.toString('hex')}`, name, mistake);
      hashes.push({ hash, caller });
    } else if (isZ85Key(key)) {
      const curveKey = decodeZ85(key).toString('hex');
      hold(curveKey, name, mistake);
      curve.set(curveKey, caller);
    } else throw mistake(`no such key for ${name}`);
  }
  for (const [index, key] of curveClientKeys.entries()) {
    const mistake = (came: string) =>
      new ConfigError(`Expected IMGWIRE_CURVE_CLIENT_KEYS to hold ${clientKeyForm} but received ${came}`);
    if (!isZ85Key(key)) throw mistake(`something else as entry ${index + 1}`);
    const curveKey = decodeZ85(key).toString('hex');
    hold(curveKey, `entry ${index + 1}`, mistake);
    // Public: what tells clients apart in the log.
    curve.set(curveKey, { name: `curve-${key.slice(0, 8)}`, rights: all });
  }
  const isEmpty = names.size === 0;
  return {
    isEmpty,
    curveKeys: new Set(curve.keys()),
    anyone: anyone ?? { name: undefined, rights: isEmpty ? all : new Set() },
    ofKey(key) {
      const hash = createHash('sha256').update(key).digest();
      // All are compared, each in constant time.
      const found = hashes.filter((one) => timingSafeEqual(one.hash, hash));
      return found[0]?.caller;
    },
    ofCurveKey: (key) => curve.get(key),
  };
}

function entriesOf(text: string): [number, string][] {
  if (text === '') return [];
  return text.split(',').map((entry, index) => [index, entry.trim()]);
}
