import type { Permission } from '../../access/permission.ts';

/** Means "never expires" (RFC 2616, 14.21). */
const yearSeconds = 31_536_000;

/** Shorter, as presets may change with the next start. */
const presetSeconds = 300;

type CacheControl = (permission: Permission, usesPreset: boolean) => string;

/**
 * Creates the function that computes Cache-Control: max-age ends with a signature, and a required key makes it private.
 * @param maxAgeSeconds a year or more adds immutable (RFC 8246), as id and parameters determine the bytes
 */
export function createCacheControl(maxAgeSeconds: number): CacheControl {
  const control = (scope: 'public' | 'private', seconds: number) =>
    `${scope}, max-age=${seconds}${seconds >= yearSeconds ? ', immutable' : ''}`;
  const maxAge = (usesPreset: boolean) => (usesPreset ? Math.min(maxAgeSeconds, presetSeconds) : maxAgeSeconds);
  const publicControl = control('public', maxAge(false));
  const publicPresetControl = control('public', maxAge(true));
  return ({ isPrivate, expires }, usesPreset) => {
    if (!isPrivate && expires === undefined) return usesPreset ? publicPresetControl : publicControl;
    const remaining = expires === undefined ? yearSeconds : Math.max(0, Math.floor(expires - Date.now() / 1000));
    return control(isPrivate ? 'private' : 'public', Math.min(remaining, maxAge(usesPreset)));
  };
}
