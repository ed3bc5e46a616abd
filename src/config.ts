import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { RequestError } from './contract/errors.ts';
import { formatNames } from './contract/formats.ts';
import { parseValue } from './contract/parse-query.ts';
import { type Presets, parsePresets } from './contract/presets.ts';
import { type Static, type TSchema, Type } from './contract/typebox.ts';
import { received, suggest } from './contract/validate.ts';
import { type PublicUrl, parsePublicUrl } from './public-url.ts';

const positiveInteger = (defaultValue: number, description: string, maximum = Number.MAX_SAFE_INTEGER) =>
  Type.Integer({ minimum: 1, maximum, default: defaultValue, description });

/** Maximum size that Node.js can hash in one call, in bytes. */
const maxHashedBytes = 2_147_483_647;

const bytesOrZero = (defaultValue: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: defaultValue, description });

const milliseconds = (defaultValue: number, description: string, minimum = 1) =>
  Type.Integer({ minimum, maximum: 3_600_000, default: defaultValue, description });

const connections = (defaultValue: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: defaultValue, description });

const endpointFormat = {
  pattern: '^(tcp|ipc)://.+$',
  expected: 'an endpoint such as tcp://127.0.0.1:5555 or ipc:///run/imgwire.sock',
};

/**
 * All settings: `maxUploadBytes` is read from `IMGWIRE_MAX_UPLOAD_BYTES`, and so on. `expected` describes a pattern in
 * error messages, `defaultText` a default in `--help`.
 */
const settings = {
  host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address the HTTP door listens on.' }),
  port: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port of the HTTP door; 0 picks a free one.',
  }),
  zmqEndpoint: Type.String({
    ...endpointFormat,
    default: 'tcp://127.0.0.1:5555',
    description: 'Endpoint of the ZeroMQ door; port 0 picks a free one.',
  }),
  httpConnections: connections(4096, 'Maximum number of connections to the HTTP door; any more are closed.'),
  zmqConnections: connections(
    256,
    'Maximum number of connections to the ZeroMQ door; any more are refused. libzmq buffers up to one message per connection.',
  ),
  httpConnectionsPerAddress: connections(
    1024,
    'Maximum number of connections to the HTTP door from one address; loopback and IMGWIRE_TRUSTED_PROXIES are exempt.',
  ),
  zmqConnectionsPerAddress: connections(
    64,
    'Maximum number of connections to the ZeroMQ door from one address; loopback and ipc are exempt.',
  ),
  rateLimit: Type.String({
    pattern: '^[1-9][0-9]{0,8}/(s|min|h)$',
    expected: 'requests per second, minute or hour such as 100/s, 600/min or 5000/h',
    default: '',
    defaultText: 'none',
    description:
      'Maximum rate of requests per client over both doors, such as 100/s, 600/min or 5000/h. Clients are told apart by key, or else by address.',
  }),
  trustedProxies: Type.Array(
    Type.String({
      pattern: '^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$',
      expected: 'an IP address or CIDR range such as 10.0.0.0/8',
    }),
    {
      default: [] as string[],
      defaultText: 'none',
      description:
        'Proxies whose X-Forwarded-For header identifies the client: comma-separated IP addresses and CIDR ranges, such as 10.0.0.0/8.',
    },
  ),
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
  peers: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      "Nodes that tell each other about deletions: the comma-separated IMGWIRE_PEER_ENDPOINT of each, such as tcp://a:5556, with |PUBLIC_KEY for CURVE; may include this node's own.",
  }),
  peerEndpoint: Type.String({
    ...endpointFormat,
    default: '',
    defaultText: 'none',
    description:
      'Endpoint at which this node publishes deletions to its peers; uses CURVE if IMGWIRE_CURVE_SECRET_KEY is set.',
  }),
  upstreams: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      'Comma-separated ZeroMQ doors of other nodes that process requests for this one, such as tcp://a:5555, with |PUBLIC_KEY for CURVE; or REP servers that support upload, retrieve and resize.',
  }),
  upstreamLanes: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 8,
    description:
      'Maximum number of concurrent requests to each upstream, separately for resize and for all other operations; two per CPU of the upstream keep it busy.',
  }),
  workers: Type.Integer({
    minimum: 0,
    maximum: 256,
    default: availableParallelism(),
    defaultText: 'the number of CPUs',
    description: 'Number of worker processes; 0 if IMGWIRE_UPSTREAMS do all the work.',
  }),
  workerMemoryBytes: bytesOrZero(
    1_073_741_824,
    'Maximum resident memory of a worker in bytes: a worker that stays above it finishes its work and is replaced; 0 for no limit.',
  ),
  store: Type.Enum(['fs', 's3'], {
    default: 'fs',
    description: 'Image store: fs, a folder, or s3, a bucket that any number of nodes can share.',
  }),
  dataDir: Type.String({
    minLength: 1,
    default: './data',
    description: 'Folder of the fs store and of the disk cache.',
  }),
  s3Bucket: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$',
    expected: '2 to 63 letters, digits, dots, dashes and underscores such as my-images',
    default: '',
    defaultText: '',
    description:
      'Bucket of the s3 store. Credentials are read the same way as by AWS tools, for example from AWS_ACCESS_KEY_ID.',
  }),
  s3Endpoint: Type.String({
    pattern: '^https?://[^/?#@\\s]+/?$',
    expected: 'a URL without a path such as https://s3.example.org',
    default: '',
    defaultText: 'AWS',
    description: 'URL of the S3 service, such as https://s3.example.org.',
  }),
  s3Region: Type.String({
    pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
    expected: 'letters, digits and dashes such as eu-central-1',
    default: '',
    defaultText: 'AWS_REGION, or else us-east-1',
    description: 'Region of the bucket.',
  }),
  s3ForcePathStyle: Type.Boolean({
    defaultText: 'true with IMGWIRE_S3_ENDPOINT',
    description: 'Whether URLs name the bucket in the path instead of the host name.',
  }),
  sharedResults: Type.Boolean({
    default: true,
    description:
      'Whether nodes share results through the bucket, so each is made about once. A lifecycle rule for results/ limits their age.',
  }),
  maxUploadBytes: positiveInteger(33_554_432, 'Maximum size of an image file in bytes.', maxHashedBytes),
  maxInputPixels: positiveInteger(
    100_000_000,
    'Maximum number of pixels decoded or produced at once: in a frame or page, or in all frames of an animation.',
  ),
  inputFormats: Type.Array(Type.Enum(formatNames), {
    minItems: 1,
    default: formatNames,
    description: 'Comma-separated formats to accept.',
  }),
  timeoutMs: milliseconds(10_000, 'Maximum duration of a request once it has arrived, in milliseconds.', 100),
  queueLimit: positiveInteger(
    256,
    'Maximum number of requests waiting for a worker, per door, separately for resize and for all other operations; any more are rejected as overloaded.',
  ),
  inflightBytes: positiveInteger(
    268_435_456,
    'Maximum total size of images in flight in bytes; any more are rejected as overloaded.',
  ),
  cacheMemoryBytes: bytesOrZero(67_108_864, 'Maximum size of the in-memory result cache in bytes; 0 disables it.'),
  cacheDiskBytes: bytesOrZero(
    1_073_741_824,
    'Maximum size of the on-disk result cache (folder cache in the data folder) in bytes, counted in blocks of 4 KiB; 0 disables it.',
  ),
  cacheLevelBytes: bytesOrZero(
    1_073_741_824,
    'Maximum size of the on-disk cache of decoded images in bytes, from which other sizes of an image are made; 0 disables it.',
  ),
  cacheLevelDir: Type.String({
    default: '',
    defaultText: 'cache/levels in the data folder',
    description: 'Folder of the cache of decoded images; one in memory, such as /dev/shm/imgwire, avoids disk I/O.',
  }),
  maxAgeSeconds: Type.Integer({
    minimum: 0,
    maximum: 31_536_000,
    default: 31_536_000,
    description:
      'Maximum time browsers and shared caches may keep an image (Cache-Control), in seconds; a year makes it immutable.',
  }),
  purgeUrl: Type.String({
    default: '',
    defaultText: '',
    description:
      'URL with {image_id} that purges a deleted image from a shared cache, by POST or by a method given before it, such as PURGE http://cache/{image_id}.',
  }),
  purgeHeader: Type.String({
    default: '',
    defaultText: '',
    description: 'Header of purge requests, such as Fastly-Key: KEY.',
  }),
  presets: Type.String({
    default: '',
    defaultText: '',
    description: 'Named parameter sets, such as thumbnail:width=320&height=320; hero:width=1600&format=auto.',
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
  logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'Lowest log level to write.',
  }),
  shutdownTimeoutMs: milliseconds(
    25_000,
    'Maximum time for requests in flight to finish after SIGTERM, in milliseconds.',
  ),
};

type Settings = { [K in keyof typeof settings]: Static<(typeof settings)[K]> };

export type Config = Omit<Settings, 'presets' | 'publicUrl'> & {
  presets: Presets;
  publicUrl: PublicUrl;
  /** Whether the variables of the OpenTelemetry SDK name an endpoint for traces. */
  tracing: boolean;
};

const names = Object.keys(settings) as (keyof Settings)[];
const prefix = 'IMGWIRE_';

/** `maxUploadBytes` → `IMGWIRE_MAX_UPLOAD_BYTES`. */
function variableName(setting: string): string {
  return prefix + setting.replace(/[A-Z]/g, '_$&').toUpperCase();
}

/** An invalid setting, which prevents the start. The message names the variable, the expected and the received value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration from the environment. An empty variable counts as unset.
 * @throws ConfigError for an invalid or blank value, and for an unknown `IMGWIRE_` variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const known = names.map(variableName);
  try {
    for (const variable of Object.keys(env)) {
      if (!variable.startsWith(prefix) || known.includes(variable)) continue;
      throw new ConfigError(`Unknown environment variable ${received(variable)}; ${suggest(variable, known)}`);
    }
    const entries = names.map((name) => {
      const variable = variableName(name);
      const text = env[variable];
      const schema: TSchema & { default?: unknown } = settings[name];
      return [name, text ? readValue(variable, schema, text) : schema.default];
    });
    const config = Object.fromEntries(entries) as Settings;
    if (config.inflightBytes < config.maxUploadBytes) {
      const expected = `at least IMGWIRE_MAX_UPLOAD_BYTES, which is ${config.maxUploadBytes},`;
      throw new ConfigError(`Expected IMGWIRE_INFLIGHT_BYTES to be ${expected} but received ${config.inflightBytes}`);
    }
    if (config.workers === 0 && config.upstreams.length === 0) {
      throw new ConfigError('Expected IMGWIRE_WORKERS to be at least 1, as IMGWIRE_UPSTREAMS is empty, but received 0');
    }
    checkStore(config);
    return {
      ...config,
      dataDir: resolve(config.dataDir),
      s3Region: config.s3Region || readRegion(config, env.AWS_REGION) || 'us-east-1',
      s3ForcePathStyle: config.s3ForcePathStyle ?? config.s3Endpoint !== '',
      presets: readPresets(config.presets),
      corsOrigins: config.corsOrigins.map((origin) =>
        origin === '*' ? origin : readUrl('corsOrigins', origin).origin,
      ),
      publicUrl: readPublicUrl(config.publicUrl),
      tracing: isTracing(env),
    };
  } catch (error) {
    if (error instanceof RequestError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

/**
 * @throws ConfigError for a blank value, since blank keys would leave the service open, and for numbers such as 1e3
 * @throws RequestError for other invalid values
 */
function readValue(variable: string, schema: TSchema, text: string): unknown {
  if (text.trim() === '') {
    throw new ConfigError(`Expected a value or an empty string for ${variable} but received ${received(text)}`);
  }
  const value = parseValue(variable, schema, text);
  if (typeof value === 'number' && !/^\d+$/.test(text)) {
    throw new ConfigError(`Expected only decimal digits for ${variable} but received ${received(text)}`);
  }
  return value;
}

function checkStore(config: Settings): void {
  const s3Setting = (['s3Bucket', 's3Endpoint', 's3Region', 's3ForcePathStyle'] as const).find((name) => config[name]);
  if (config.store === 's3' && config.s3Bucket === '') {
    throw new ConfigError('Expected a bucket for IMGWIRE_S3_BUCKET, as IMGWIRE_STORE is s3, but received none');
  }
  if (config.s3Endpoint !== '') readUrl('s3Endpoint', config.s3Endpoint);
  if (config.store !== 's3' && s3Setting !== undefined) {
    throw new ConfigError(`Expected IMGWIRE_STORE to be s3, as ${variableName(s3Setting)} is set, but received fs`);
  }
}

/** Validated, since every request fails with a region that is not a valid host name label. */
function readRegion({ store }: Settings, text = ''): string {
  return store === 's3' && text !== '' ? (parseValue('AWS_REGION', settings.s3Region, text) as string) : '';
}

/** @throws ConfigError for an invalid URL that passes the pattern, such as one with a port over 65535 */
function readUrl(setting: keyof Settings, text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new ConfigError(`Expected a valid URL for ${variableName(setting)} but received ${received(text)}`);
}

function isTracing(env: NodeJS.ProcessEnv): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}

function readPresets(text: string): Presets {
  try {
    return parsePresets(text);
  } catch (cause) {
    throw new ConfigError(`${(cause as Error).message}, for ${variableName('presets')}`, { cause });
  }
}

function readPublicUrl(text: string): PublicUrl {
  const url = parsePublicUrl(text);
  if (url !== undefined) return url;
  const expected = 'a URL such as https://example.org/media, or its path, without credentials, query and fragment,';
  // May contain credentials.
  const shown = text.includes('@') ? 'something else' : received(text);
  throw new ConfigError(`Expected ${expected} for ${variableName('publicUrl')} but received ${shown}`);
}

export interface Variable {
  name: string;
  /** Default, as shown to people. */
  defaultText: string;
  description: string;
}

/** All variables, for `--help` and docs/configuration.md. */
export const variables: readonly Variable[] = names.map((name) => {
  const schema = settings[name] as unknown as { default: unknown; defaultText?: string; description: string };
  return {
    name: variableName(name),
    defaultText: schema.defaultText ?? String(schema.default),
    description: schema.description,
  };
});
