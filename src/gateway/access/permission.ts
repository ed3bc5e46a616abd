import type { Grant } from '../../contract/signing.ts';

/** What a request is allowed to do, and how its reply may be cached. */
export interface Permission {
  /** Name of the caller's key. */
  readonly name: string | undefined;
  /** `Cache-Control: private`, as the reply requires a key. */
  readonly isPrivate: boolean;
  /** Expiry of the signature, in Unix seconds. */
  readonly expires: number | undefined;
  /** Otherwise presets only. */
  readonly allowsAnyTransformation: boolean;
  readonly grant: VerifiedGrant | undefined;
}

export interface VerifiedGrant extends Grant {
  /** Identifies the grant across its uses. */
  readonly token: string;
}

/** For requests that need no permission. */
export const unrestricted: Permission = {
  name: undefined,
  isPrivate: false,
  expires: undefined,
  allowsAnyTransformation: true,
  grant: undefined,
};
