import type { Config } from '../../config.ts';
import { RequestError } from '../../contract/errors.ts';
import { aliases, parameterRecords } from '../../contract/parameters.ts';
import type { NeededRight } from '../../contract/rights.ts';
import { type ApiKeys, type Caller, readApiKeys } from './api-keys.ts';
import { type Permission, unrestricted } from './permission.ts';
import { readSigningKeys, verifyGrant, verifyUrl } from './signing-keys.ts';

/** What is asked for, at either door. */
export interface AccessRequest {
  right: NeededRight;
  /** As a signature covers it. */
  path: string;
  /** Parameters of each transformation; none for an original. */
  transformations: readonly object[];
  /** As a signature covers them, and `signature`, `expires` or `grant`. */
  parameters: Readonly<Record<string, unknown>>;
}

/** Decides for both doors who may do what. */
export interface Access {
  /** Nobody is asked for anything. */
  readonly isOpen: boolean;
  readonly keys: ApiKeys;
  /** @throws RequestError `unauthorized` for an unknown key */
  callerOf(key: string | undefined): Caller;
  /** @throws RequestError `unauthorized` without a key, `forbidden` with one that lacks the right, and for a wrong signature or grant */
  permit(caller: Caller, request: AccessRequest): Permission;
  /**
   * For those that come in a body, after the permission.
   * @throws RequestError `forbidden` for more than presets without a signature
   */
  checkTransformations(permission: Permission, sets: readonly object[]): void;
}

/** @throws ConfigError */
export function createAccess(config: Pick<Config, 'apiKeys' | 'signingKeys' | 'curveClientKeys'>): Access {
  const keys = readApiKeys(config.apiKeys, config.curveClientKeys);
  const signingKeys = readSigningKeys(config.signingKeys);
  const isSigning = signingKeys.length > 0;

  function permit(caller: Caller, { right, path, transformations, parameters }: AccessRequest): Permission {
    if (right === 'none') return unrestricted;
    if (right === 'write' && parameters.grant !== undefined) {
      const grant = verifyGrant(signingKeys, parameters.grant);
      return { ...unrestricted, name: caller.name, grant };
    }
    const isReader = caller.name !== undefined && has(caller, 'read');
    if (right === 'read' && isSigning && !isReader && parameters.signature !== undefined) {
      return { ...unrestricted, expires: verifyUrl(signingKeys, path, parameters) };
    }
    const hasRight = has(caller, right);
    if (hasRight && caller.name !== undefined) return { ...unrestricted, name: caller.name, isPrivate: true };
    // A key takes nothing away from what its owner may do without it.
    if (!hasRight && (caller.name === undefined || !has(keys.anyone, right))) throw refusal(caller, right);
    const permission = { ...unrestricted, name: caller.name, transforms: !isSigning };
    if (right === 'read') checkTransformations(permission, transformations);
    return permission;
  }

  function has({ name, rights }: Caller, right: NeededRight): boolean {
    if (right === 'any') return keys.isEmpty || name !== undefined;
    return rights.has(right as never) || (right === 'metrics' && rights.has('admin'));
  }

  function checkTransformations(permission: Permission, sets: readonly object[]): void {
    if (permission.transforms || sets.every(isPreset)) return;
    throw new RequestError('forbidden', 'Expected a signature for a transformation that is no preset', {
      parameter: 'signature',
    });
  }

  return {
    isOpen: keys.isEmpty && !isSigning,
    keys,
    callerOf(key) {
      if (key === undefined || keys.isEmpty) return keys.anyone;
      const caller = keys.ofKey(key);
      if (caller === undefined) throw new RequestError('unauthorized', 'Expected a key that this server knows');
      return caller;
    },
    permit,
    checkTransformations,
  };
}

/** By its name or alias. */
export const isParameter = (name: string) => Object.hasOwn(parameterRecords, name) || aliases.has(name);

/** Whether an image is asked for as it was uploaded. */
export const isOriginal = (parameters: object) => !Object.keys(parameters).some(isParameter);

function isPreset(parameters: object): boolean {
  return String(Object.keys(parameters).filter(isParameter)) === 'preset';
}

function refusal({ name }: Caller, right: NeededRight): RequestError {
  const wanted = right === 'any' ? 'a key' : `a key with the right ${right}`;
  if (name === undefined) return new RequestError('unauthorized', `Expected ${wanted} but received none`);
  return new RequestError('forbidden', `Expected ${wanted} but ${name} does not have it`);
}
