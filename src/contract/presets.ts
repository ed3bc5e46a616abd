import { oneOf, received } from './error-text.ts';
import { RequestError } from './errors.ts';
import { type Parameters, parameterNames, parameterRecords } from './parameters.ts';
import { parseQuery } from './parse-query.ts';

export type Presets = Readonly<Record<string, Parameters>>;

const presetName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Parses `thumbnail:width=320&height=320; hero:width=1600&format=auto`.
 * @throws RequestError that names the preset
 */
export function parsePresets(text: string): Presets {
  const presets: Record<string, Parameters> = {};
  for (const entry of text.split(';').map((part) => part.trim())) {
    if (entry === '') continue;
    const [name = '', query] = split(entry, ':');
    if (query === undefined || !presetName.test(name)) {
      throw invalid(`Expected presets such as thumbnail:width=320&height=320 but received ${received(entry)}`);
    }
    if (Object.hasOwn(presets, name)) throw invalid(`Expected the preset ${name} once but received it more than once`);
    presets[name] = parsePreset(name, query);
  }
  return presets;
}

function parsePreset(name: string, query: string): Parameters {
  const { preset: _, ...schemas } = Object.fromEntries(
    parameterNames.flatMap((parameter) => {
      const { alias, schema } = parameterRecords[parameter];
      return [[parameter, schema] as const, ...(alias === undefined ? [] : [[alias, schema] as const])];
    }),
  );
  const given: Record<string, string | string[]> = {};
  for (const [parameter, value] of new URLSearchParams(query)) {
    given[parameter] = Object.hasOwn(given, parameter) ? [value] : value;
  }
  try {
    return parseQuery(schemas, given);
  } catch (cause) {
    throw invalid(`${(cause as Error).message} in the preset ${name}`, cause);
  }
}

/**
 * Explicit parameters override the preset.
 * @throws RequestError for an unknown preset
 */
export function withPreset(parameters: Parameters, presets: Presets): Parameters {
  const { preset, ...explicit } = parameters;
  // The same object, by whose identity callers memoize.
  if (preset === undefined) return parameters;
  if (!Object.hasOwn(presets, preset)) {
    const names = Object.keys(presets);
    const expected = names.length === 0 ? 'no preset, as none is configured,' : `${oneOf(names)} for preset`;
    throw invalid(`Expected ${expected} but received ${received(preset)}`);
  }
  return { ...presets[preset], ...explicit };
}

function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function invalid(message: string, cause?: unknown): RequestError {
  return new RequestError('invalid_request', message, { parameter: 'preset', cause });
}
