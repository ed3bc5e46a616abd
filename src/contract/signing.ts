import { formatNames } from './formats.ts';
import { sha256Pattern } from './sha256.ts';
import { type Static, Type } from './typebox.ts';

/**
 * The text that the signature of a URL covers: the path, then `name=value` of each parameter, decoded and sorted by
 * name, one per line. It includes `expires` but not `signature` itself.
 */
export function signedText(path: string, parameters: Readonly<Record<string, unknown>>): string {
  const lines = Object.keys(parameters)
    .filter((name) => name !== 'signature' && parameters[name] !== undefined)
    .sort()
    .map((name) => `${name}=${parameters[name]}`);
  return [path, ...lines].join('\n');
}

/** The text that the signature of a grant covers. No path starts with `grant`, so no URL signature fits a grant. */
export function grantText(payload: string): string {
  return `grant\n${payload}`;
}

/** Range of the expiry time of signatures and grants, in seconds since 1970. */
export const unixSeconds = { minimum: 0, maximum: 999_999_999_999 };

const signature = Type.Optional(
  Type.String({
    maxLength: 128,
    description: 'HMAC-SHA-256 of the path and parameters, in place of a key.',
  }),
);

const expires = Type.Optional(
  Type.Integer({
    ...unixSeconds,
    description: 'Expiry time of the signature, in seconds since 1970.',
  }),
);

/** Parameters of requests that can be signed. */
export const signatureParameters = { signature, expires };

/** Authorizes an upload without a key. */
export const grantParameter = Type.Optional(
  Type.String({ maxLength: 1024, description: 'Signed permission for one upload without a key.' }),
);

/** Payload of a grant, which is sent as base64url of this JSON, a dot, and its HMAC-SHA-256 in base64url. */
export const Grant = Type.Object(
  {
    /** Expiry time in seconds since 1970, by the server's clock. */
    expires: Type.Integer(unixSeconds),
    /** Maximum size of the file in bytes. */
    max_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
    formats: Type.Optional(Type.Array(Type.Enum(formatNames), { minItems: 1 })),
    /** The only file allowed. */
    image_id: Type.Optional(Type.String({ pattern: sha256Pattern })),
    /** Makes otherwise equal grants distinct. */
    nonce: Type.Optional(Type.String({ maxLength: 128 })),
  },
  { additionalProperties: false },
);

export type Grant = Static<typeof Grant>;
