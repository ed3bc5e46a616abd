import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { RequestError } from './contract/errors.ts';
import { formatNames } from './contract/formats.ts';
import { type Presets, parsePresets } from './contract/presets.ts';
import { valueFromText } from './contract/text.ts';
import { type Static, type TSchema, Type } from './contract/typebox.ts';
import { received, suggest } from './contract/validate.ts';
import { type PublicUrl, parsePublicUrl } from './public-url.ts';

const bytes = (initial: number, description: string, maximum = Number.MAX_SAFE_INTEGER) =>
  Type.Integer({ minimum: 1, maximum, default: initial, description });

/** Most that Node.js hashes at once. */
const maxHashedBytes = 2_147_483_647;

const cacheBytes = (initial: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: initial, description });

const milliseconds = (initial: number, description: string, minimum = 1) =>
  Type.Integer({ minimum, maximum: 3_600_000, default: initial, description });

const connections = (initial: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: initial, description });

const endpointForm = {
  pattern: '^(tcp|ipc)://.+$',
  expected: 'an endpoint such as tcp://127.0.0.1:5555 or ipc:///run/imgwire.sock',
};

/** All settings; what has a pattern says it in words too. `maxUploadBytes` is read from `IMGWIRE_MAX_UPLOAD_BYTES`, and so on. */
const settings = {
  host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address that the HTTP door listens on.' }),
  port: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port of the HTTP door; 0 picks any free one.',
  }),
  zmqEndpoint: Type.String({
    ...endpointForm,
    default: 'tcp://127.0.0.1:5555',
    description: 'Endpoint of the ZeroMQ door; port 0 picks any free one.',
  }),
  httpConnections: connections(4096, 'Most connections of the HTTP door; those beyond it are closed.'),
  zmqConnections: connections(
    256,
    'Most connections of the ZeroMQ door; those beyond it are refused. libzmq holds up to one message of each.',
  ),
  httpConnectionsPerAddress: connections(
    1024,
    'Most connections of the HTTP door from one address; loopback and IMGWIRE_TRUSTED_PROXIES are exempt.',
  ),
  zmqConnectionsPerAddress: connections(
    64,
    'Most connections of the ZeroMQ door from one address; loopback and ipc are exempt.',
  ),
  rateLimit: Type.String({
    pattern: '^[1-9][0-9]{0,8}/(s|min|h)$',
    expected: 'requests in a second, minute or hour such as 100/s, 600/min or 5000/h',
    default: '',
    defaultText: 'none',
    description:
      'Most requests of one client, over both doors, such as 100/s, 600/min or 5000/h. A client is a key, or else an address.',
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
        'IP addresses and CIDR ranges of proxies whose X-Forwarded-For tells the client, separated by commas, such as 10.0.0.0/8.',
    },
  ),
  apiKeys: Type.String({
    default: '',
    defaultText: '',
    description:
      'Who may do what, as NAME:RIGHTS:KEY separated by commas, such as backend:read+write:SHA256. Rights are read, write, admin and metrics; KEY is the SHA-256 of an API key, a public CURVE key, or * for read without a key. imgwire keygen makes them.',
  }),
  signingKeys: Type.String({
    default: '',
    defaultText: '',
    description:
      'Keys that sign URLs and upload grants, separated by commas; the first signs, all verify. With them, a transformation needs a signature, a key or a preset.',
  }),
  curveSecretKey: Type.String({
    default: '',
    defaultText: '',
    description: 'Secret CURVE key of the ZeroMQ door in Z85: with it, only clients with a key are let in.',
  }),
  curveClientKeys: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      'Public CURVE keys in Z85 of clients of the ZeroMQ door with all rights, beside those in IMGWIRE_API_KEYS, separated by commas.',
  }),
  allowUnauthenticated: Type.Boolean({
    default: false,
    description: 'Whether the doors may listen on other addresses than loopback and ipc without keys.',
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
        'Host names, such as images.example.org, that the HTTP door answers to beside loopback names and IP addresses, separated by commas; * for all.',
    },
  ),
  publicUrl: Type.String({
    default: '',
    defaultText: '',
    description:
      'Where clients reach the HTTP door through a proxy: a URL, such as https://example.org/media, or only its path. Its host is allowed.',
  }),
  peers: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      "Where the nodes tell each other of deletions: the IMGWIRE_PEER_ENDPOINT of each, such as tcp://a:5556, with |PUBLIC_KEY for CURVE, separated by commas; this node's own may be among them.",
  }),
  peerEndpoint: Type.String({
    ...endpointForm,
    default: '',
    defaultText: 'none',
    description: 'Endpoint where this node tells others of deletions; with IMGWIRE_CURVE_SECRET_KEY it speaks CURVE.',
  }),
  upstreams: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      'ZeroMQ doors of other nodes that work for this one, such as tcp://a:5555, with |PUBLIC_KEY for CURVE, separated by commas; or REP servers that know upload, retrieve and resize.',
  }),
  upstreamLanes: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 8,
    description: 'Most requests in work at each upstream, for slow and for quick work each: two for each of its CPUs.',
  }),
  workers: Type.Integer({
    minimum: 0,
    maximum: 256,
    default: availableParallelism(),
    defaultText: 'the CPUs',
    description: 'Worker processes; 0 where IMGWIRE_UPSTREAMS does all the work.',
  }),
  workerMemoryBytes: cacheBytes(
    1_073_741_824,
    'Most resident bytes of a worker: one that stays above them ends its work and is replaced; 0 for no limit.',
  ),
  store: Type.Enum(['fs', 's3'], {
    default: 'fs',
    description: 'Where images are stored: fs, a folder; s3, a bucket that any number of nodes may share.',
  }),
  dataDir: Type.String({
    minLength: 1,
    default: './data',
    description: 'Folder of the fs store and of the cache on disk.',
  }),
  s3Bucket: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$',
    expected: '2 to 63 letters, digits, dots, dashes and underscores such as my-images',
    default: '',
    defaultText: '',
    description: 'Bucket of the s3 store. Credentials come as AWS tools take them, such as AWS_ACCESS_KEY_ID.',
  }),
  s3Endpoint: Type.String({
    pattern: '^https?://[^/?#@\\s]+/?$',
    expected: 'a URL without a path such as https://s3.example.org',
    default: '',
    defaultText: 'AWS',
    description: 'URL of the S3 engine, such as https://s3.example.org.',
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
    description: 'Whether URLs name the bucket in their path instead of their host.',
  }),
  sharedResults: Type.Boolean({
    default: true,
    description:
      'Whether nodes share results through the bucket, so that each is made about once. A lifecycle rule for results/ bounds their age.',
  }),
  maxUploadBytes: bytes(33_554_432, 'Largest image accepted, in bytes.', maxHashedBytes),
  maxInputPixels: bytes(
    100_000_000,
    'Most pixels decoded or made at once: of a frame or page, or of all frames of an animation.',
  ),
  inputFormats: Type.Array(Type.Enum(formatNames), {
    minItems: 1,
    default: formatNames,
    description: 'Accepted formats, separated by commas.',
  }),
  timeoutMs: milliseconds(10_000, 'Longest time a request may take once it has arrived, in milliseconds.', 100),
  queueLimit: bytes(
    256,
    'Most requests that wait for a worker, per door, for slow and for quick work each; any beyond are answered overloaded.',
  ),
  inflightBytes: bytes(268_435_456, 'Most bytes of images in flight; any beyond are answered overloaded.'),
  cacheMemoryBytes: cacheBytes(67_108_864, 'Most bytes of results cached in memory; 0 caches none.'),
  cacheDiskBytes: cacheBytes(
    1_073_741_824,
    'Most bytes of results cached on disk, in blocks of 4 KiB, in the folder cache of the data folder; 0 caches none.',
  ),
  cacheLevelBytes: cacheBytes(
    1_073_741_824,
    'Most bytes of decoded images on disk, which further sizes are made from; 0 keeps none.',
  ),
  cacheLevelDir: Type.String({
    default: '',
    defaultText: 'cache/levels in the data folder',
    description: 'Folder of decoded images; one in memory, such as /dev/shm/imgwire, spares the disk.',
  }),
  maxAgeSeconds: Type.Integer({
    minimum: 0,
    maximum: 31_536_000,
    default: 31_536_000,
    description:
      'Longest time that browsers and shared caches may keep an image (Cache-Control), in seconds; a year makes it immutable.',
  }),
  purgeUrl: Type.String({
    default: '',
    defaultText: '',
    description:
      'Where a shared cache is told of deleted images: a URL with {image_id}, for POST, or another method before it, such as PURGE http://cache/{image_id}.',
  }),
  purgeHeader: Type.String({
    default: '',
    defaultText: '',
    description: 'A header of these requests, such as Fastly-Key: KEY.',
  }),
  presets: Type.String({
    default: '',
    defaultText: '',
    description: 'Named sets of parameters, such as thumbnail:width=320&height=320; hero:width=1600&format=auto.',
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
        'Origins, such as https://example.org, whose pages may use this server from a browser, separated by commas; * for all.',
    },
  ),
  logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'Lowest level that is logged.',
  }),
  shutdownTimeoutMs: milliseconds(25_000, 'Longest time that requests in flight get after SIGTERM, in milliseconds.'),
};

type Settings = { [K in keyof typeof settings]: Static<(typeof settings)[K]> };

export type Config = Omit<Settings, 'presets' | 'publicUrl'> & {
  presets: Presets;
  publicUrl: PublicUrl;
  /** Whether OpenTelemetry's own variables, which its SDK reads, name a place for traces. */
  tracing: boolean;
};

const names = Object.keys(settings) as (keyof Settings)[];
const prefix = 'IMGWIRE_';

/** `maxUploadBytes` → `IMGWIRE_MAX_UPLOAD_BYTES`. */
function variableName(setting: string): string {
  return prefix + setting.replace(/[A-Z]/g, '_$&').toUpperCase();
}

/** A setting that stops the start: the message names the variable, what was expected and what it holds. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration from the environment. An empty variable counts as not set.
 * @throws ConfigError for a wrong value, of blanks too, and for an `IMGWIRE_` variable that does not exist
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
      const least = `at least IMGWIRE_MAX_UPLOAD_BYTES, which is ${config.maxUploadBytes}`;
      throw new ConfigError(`Expected IMGWIRE_INFLIGHT_BYTES to be ${least}, but received ${config.inflightBytes}`);
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
 * @throws ConfigError for blanks alone, which taken for no keys would open the service, and for numbers such as 1e3
 * @throws RequestError for another wrong value
 */
function readValue(variable: string, schema: TSchema, text: string): unknown {
  if (text.trim() === '') {
    throw new ConfigError(`Expected a value, or an empty one, for ${variable} but received ${received(text)}`);
  }
  const value = valueFromText(variable, schema, text);
  if (typeof value === 'number' && !/^\d+$/.test(text)) {
    throw new ConfigError(`Expected decimal digits alone for ${variable} but received ${received(text)}`);
  }
  return value;
}

function checkStore(config: Settings): void {
  const given = (['s3Bucket', 's3Endpoint', 's3Region', 's3ForcePathStyle'] as const).find((name) => config[name]);
  if (config.store === 's3' && config.s3Bucket === '') {
    throw new ConfigError('Expected a bucket for IMGWIRE_S3_BUCKET, as IMGWIRE_STORE is s3, but received none');
  }
  if (config.s3Endpoint !== '') readUrl('s3Endpoint', config.s3Endpoint);
  if (config.store !== 's3' && given !== undefined) {
    throw new ConfigError(`Expected IMGWIRE_STORE to be s3, as ${variableName(given)} is set, but received fs`);
  }
}

/** A region that is no part of a host name fails in each request. */
function readRegion({ store }: Settings, text = ''): string {
  return store === 's3' && text !== '' ? (valueFromText('AWS_REGION', settings.s3Region, text) as string) : '';
}

/** @throws ConfigError for what looks like a URL and is none, as with a port over 65535 */
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
  // Credentials are not to be shown.
  const shown = text.includes('@') ? 'something else' : received(text);
  throw new ConfigError(`Expected ${expected} for ${variableName('publicUrl')} but received ${shown}`);
}

export interface Variable {
  name: string;
  /** What holds where it is not set. */
  initial: string;
  description: string;
}

/** All variables, for `--help` and the documents. */
export const variables: readonly Variable[] = names.map((name) => {
  const schema = settings[name] as unknown as { default: unknown; defaultText?: string; description: string };
  return {
    name: variableName(name),
    initial: schema.defaultText ?? String(schema.default),
    description: schema.description,
  };
});
