import { isAbsolute, resolve } from 'node:path';
import { received, suggest } from './contract/error-text.ts';
import { RequestError } from './contract/errors.ts';
import { parseValue } from './contract/parse-query.ts';
import { type Presets, parsePresets } from './contract/presets.ts';
import type { Static, TSchema } from './contract/typebox.ts';
import { checkCurrentFolder } from './current-folder.ts';
import { type PublicUrl, parsePublicUrl } from './public-url.ts';
import { settings } from './settings/settings.ts';

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

/**
 * An invalid setting, which prevents the start. The message names the variable, the expected and the received value.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole configuration from the environment. An empty variable counts as unset.
 * @throws ConfigError for an invalid or blank value, and for an unknown `IMGWIRE_` variable; Error if the data folder is
 * relative to a current folder that does not exist
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
    if (!isAbsolute(config.dataDir)) checkCurrentFolder();
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
 * @throws ConfigError for a blank value, since blank keys would leave the service open, for quotes around a value, which
 * docker --env-file keeps, and for numbers such as 1e3
 * @throws RequestError for other invalid values
 */
function readValue(variable: string, schema: TSchema, text: string): unknown {
  if (text.trim() === '') {
    throw new ConfigError(`Expected a value or an empty string for ${variable} but received ${received(text)}`);
  }
  // Not quoted in the message: it may be a key.
  if (/^(["']).*\1$/s.test(text.trim())) {
    throw new ConfigError(`Expected a value without quotes around it for ${variable} but received one with quotes`);
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
