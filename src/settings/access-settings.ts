import { Type } from '../contract/typebox.ts';

/** Who may do what, and from which sites. */
export const accessSettings = {
  apiKeys: Type.String({
    default: '',
    defaultText: '',
    description:
      'API keys and their rights: comma-separated NAME:RIGHTS:KEY, such as backend:read+write:SHA256. Rights are read, write, admin and metrics; KEY is the SHA-256 of an API key, a public CURVE key, or * for read without a key. imgwire keygen generates entries.',
  }),
  signingKeys: Type.String({
    default: '',
    defaultText: '',
    description:
      'Comma-separated keys for signing URLs and upload grants; the first signs, all verify. If set, a transformation requires a signature, a key or a preset.',
  }),
  curveSecretKey: Type.String({
    default: '',
    defaultText: '',
    description: 'Secret CURVE key of the ZeroMQ door in Z85. If set, only clients with a configured key can connect.',
  }),
  curveClientKeys: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      'Comma-separated public CURVE keys, in Z85, of ZeroMQ clients with all rights, in addition to those in IMGWIRE_API_KEYS.',
  }),
  allowUnauthenticated: Type.Boolean({
    default: false,
    description: 'Whether the doors may listen on addresses other than loopback and ipc without keys.',
  }),
  allowedHosts: Type.Array(
    Type.String({
      pattern: '^(\\*|[\\w-]+(\\.[\\w-]+)*\\.?)$',
      expected: 'a host name such as images.example.org, or *',
    }),
    {
      default: [] as string[],
      defaultText: 'loopback names',
      description:
        'Comma-separated host names of the HTTP door, such as images.example.org, in addition to loopback names and IP addresses; * allows all.',
    },
  ),
  publicUrl: Type.String({
    default: '',
    defaultText: '',
    description:
      'URL at which clients reach the HTTP door through a proxy, such as https://example.org/media, or only its path. Its host need not be in IMGWIRE_ALLOWED_HOSTS.',
  }),
  corsOrigins: Type.Array(
    Type.String({
      pattern: '^(\\*|https?://[^/?#@*\\s\\\\]+)$',
      expected: 'an origin without a path such as https://example.org, or *',
    }),
    {
      default: [] as string[],
      defaultText: 'none',
      description:
        'Comma-separated origins, such as https://example.org, whose pages may use this server from a browser; * allows all.',
    },
  ),
};
