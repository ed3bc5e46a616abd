import type { Config } from '../../config.ts';
import { RequestError } from '../../contract/errors.ts';
import { aliases, parameterRecords } from '../../contract/parameters.ts';
import type { NeededRight } from '../../contract/rights.ts';
import { type ApiKeys, type Caller, readApiKeys } from './api-keys.ts';
import { type Permission, unrestricted } from './permission.ts';
import { readSigningKeys, verifyGrant, verifyUrl } from './signing-keys.ts';

/** What a request at either door asks to do. */
export interface AccessRequest {
  right: NeededRight;
  /** The path that a signature covers. */
  path: string;
  /** One parameter set per transformation; empty for an original. */
  transformations: readonly object[];
  /** The parameters that a signature covers, plus `signature`, `expires` or `grant`. */
  parameters: Readonly<Record<string, unknown>>;
}

/** Authorization, shared by both doors. */
export interface Access {
  /** Neither API keys nor signing keys are configured: every request is allowed. */
  readonly isOpen: boolean;
  readonly keys: ApiKeys;
  /** @throws RequestError `unauthorized` for an unknown key */
  callerOf(key: string | undefined): Caller;
  /**
   * @throws RequestError `unauthorized` without a key, `forbidden` for a key that lacks the right and for an invalid
   * signature or grant
   */
  permit(caller: Caller, request: AccessRequest): Permission;
  /**
   * Checks transformations that arrive in the body, after `permit()`.
   * @throws RequestError `forbidden` if the permission allows only presets and a set is anything else
   */
  checkTransformations(permission: Permission, sets: readonly object[]): void;
}

/** @throws ConfigError for malformed or duplicate keys */
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
    // Presenting a key never grants less than presenting none.
    if (!hasRight && (caller.name === undefined || !has(keys.anyone, right))) throw missingRight(caller, right);
    const permission = { ...unrestricted, name: caller.name, allowsAnyTransformation: !isSigning };
    if (right === 'read') checkTransformations(permission, transformations);
    return permission;
  }

  function has({ name, rights }: Caller, right: NeededRight): boolean {
    if (right === 'any') return keys.isEmpty || name !== undefined;
    return rights.has(right as never) || (right === 'metrics' && rights.has('admin'));
  }

  function checkTransformations(permission: Permission, sets: readonly object[]): void {
    if (permission.allowsAnyTransformation || sets.every(isPreset)) return;
    throw new RequestError('forbidden', 'Expected a signature for a transformation that is not a preset', {
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

/** Whether a field is a transformation parameter, by name or alias. */
export const isParameter = (name: string) => Object.hasOwn(parameterRecords, name) || aliases.has(name);

/** Whether a request has no transformation parameters, so it asks for the uploaded bytes. */
export const isOriginal = (parameters: object) => !Object.keys(parameters).some(isParameter);

function isPreset(parameters: object): boolean {
  return String(Object.keys(parameters).filter(isParameter)) === 'preset';
}

function missingRight({ name }: Caller, right: NeededRight): RequestError {
  const expected = right === 'any' ? 'a key' : `a key with the right ${right}`;
  if (name === undefined) return new RequestError('unauthorized', `Expected ${expected} but received none`);
  return new RequestError('forbidden', `Expected ${expected} but ${name} does not have it`);
}
