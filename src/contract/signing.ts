import { formatNames } from './formats.ts';
import { sha256Pattern } from './sha256.ts';
import { type Static, Type } from './typebox.ts';

/**
 * What the signature of a URL covers: its path, then `name=value` of each parameter, decoded and sorted by name, one a
 * line. `signature` itself is left out, `expires` is not.
 */
export function signedText(path: string, parameters: Readonly<Record<string, unknown>>): string {
  const lines = Object.keys(parameters)
    .filter((name) => name !== 'signature' && parameters[name] !== undefined)
    .sort()
    .map((name) => `${name}=${parameters[name]}`);
  return [path, ...lines].join('\n');
}

/** What the signature of a grant covers: no path starts like this. */
export function grantText(payload: string): string {
  return `grant\n${payload}`;
}

/** When a signature or a grant ends. */
export const unixSeconds = { minimum: 0, maximum: 999_999_999_999 };

const signature = Type.Optional(
  Type.String({
    maxLength: 128,
    description: 'HMAC-SHA-256 of path and parameters, in place of a key.',
  }),
);

const expires = Type.Optional(
  Type.Integer({
    ...unixSeconds,
    description: 'When the signature ends, in seconds since 1970.',
  }),
);

/** Parameters of a request that may be signed. */
export const signatureParameters = { signature, expires };

/** Parameter of an upload without a key. */
export const grantParameter = Type.Optional(
  Type.String({ maxLength: 1024, description: 'A signed right to one upload without a key.' }),
);

/** What a grant says; it goes as base64url of this JSON, a dot, and its HMAC-SHA-256 in base64url. */
export const Grant = Type.Object(
  {
    /** In seconds since 1970, by the clock of the server. */
    expires: Type.Integer(unixSeconds),
    /** Largest file, in bytes. */
    max_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
    formats: Type.Optional(Type.Array(Type.Enum(formatNames), { minItems: 1 })),
    /** The one file it is for. */
    image_id: Type.Optional(Type.String({ pattern: sha256Pattern })),
    /** Tells grants apart that are equal otherwise. */
    nonce: Type.Optional(Type.String({ maxLength: 128 })),
  },
  { additionalProperties: false },
);

export type Grant = Static<typeof Grant>;
