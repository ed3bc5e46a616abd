import type { Grant } from '../../contract/signing.ts';

/** What a request was allowed, and what follows from it for the reply. */
export interface Permission {
  /** Name of the key that asked. */
  readonly name: string | undefined;
  /** Not for shared caches: without the key, others would not get the reply. */
  readonly isPrivate: boolean;
  /** When a signature ends, in seconds since 1970. */
  readonly expires: number | undefined;
  /** Whether any transformation is allowed, not only presets. */
  readonly transforms: boolean;
  readonly grant: GrantInUse | undefined;
}

export interface GrantInUse extends Grant {
  /** The same for each use of one grant. */
  readonly token: string;
}

/** Where nothing is asked for. */
export const unrestricted: Permission = {
  name: undefined,
  isPrivate: false,
  expires: undefined,
  transforms: true,
  grant: undefined,
};
