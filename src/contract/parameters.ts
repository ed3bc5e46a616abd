import { colourParameters } from './colour-parameters.ts';
import { geometryParameters } from './geometry-parameters.ts';
import { outputParameters } from './output-parameters.ts';
import type { Parameter } from './parameter.ts';
import { sizeParameters } from './size-parameters.ts';
import type { Static } from './typebox.ts';
import { watermarkParameters } from './watermark-parameters.ts';

/**
 * In documentation order. To add a parameter, add a record to its group: validation and documentation derive from it,
 * and the type check demands its pipeline step.
 */
export const parameters = {
  ...sizeParameters,
  ...geometryParameters,
  ...colourParameters,
  ...watermarkParameters,
  ...outputParameters,
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameters;

export type Parameters = { [N in ParameterName]?: Static<(typeof parameters)[N]['schema']> };

export const parameterNames = Object.keys(parameters) as ParameterName[];

/** The same, typed for iteration. */
export const parameterRecords: Readonly<Record<ParameterName, Parameter>> = parameters;

export const aliases: ReadonlyMap<string, ParameterName> = new Map(
  parameterNames.flatMap((name) => {
    const { alias } = parameterRecords[name];
    return alias === undefined ? [] : [[alias, name] as const];
  }),
);

/** Keeps the transformation parameters of a request, in documentation order. */
export function pickParameters(request: Parameters): Parameters {
  const picked: Record<string, unknown> = {};
  for (const name of parameterNames) if (request[name] !== undefined) picked[name] = request[name];
  return picked;
}

/** Omits values without effect, such as defaults. Expects valid parameters with aliases and presets resolved. */
export function effectiveParameters(request: Parameters): Parameters {
  const names = (Object.keys(request) as ParameterName[]).filter((name) => effectOf(request, name) !== undefined);
  return Object.fromEntries(names.map((name) => [name, request[name]]));
}

/**
 * Cache key, equal for equivalent requests: the canonical values of the effective parameters, in documentation order.
 */
export function canonicalParameters(request: Parameters): string {
  const multiplied = withDpr(request);
  const parts: string[] = [];
  // Hot path: iterates over the given parameters only.
  for (const name of (Object.keys(multiplied) as ParameterName[]).sort(byOrder)) {
    const value = effectOf(multiplied, name);
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return parts.join('&');
}

/** The canonical value; undefined if it has no effect. */
function effectOf(request: Parameters, name: ParameterName): unknown {
  const given = request[name];
  const { modifies } = parameterRecords[name];
  if (given === undefined || (modifies !== undefined && !request[modifies])) return undefined;
  const value = canonicalValue(name, given);
  return value === defaults[name] ? undefined : value;
}

const order = Object.fromEntries(parameterNames.map((name, index) => [name, index])) as Record<ParameterName, number>;
const byOrder = (one: ParameterName, other: ParameterName) => order[one] - order[other];

function canonicalValue(name: ParameterName, value: unknown): unknown {
  const { canonical } = parameterRecords[name];
  return canonical === undefined ? value : canonical(value as never);
}

const defaults = Object.fromEntries(
  parameterNames.map((name) => {
    const { default: defaultValue } = parameterRecords[name].schema as { default?: unknown };
    return [name, defaultValue === undefined ? undefined : canonicalValue(name, defaultValue)];
  }),
) as Record<ParameterName, unknown>;

/** Multiplies width and height by dpr, except with `enlarge: false`, where its effect depends on the image. */
function withDpr(given: Parameters): Parameters {
  if (given.dpr === undefined || given.enlarge === false) return given;
  const { dpr, ...request } = given;
  const { width, height } = request;
  return {
    ...request,
    ...(width === undefined ? {} : { width: Math.round(width * dpr) }),
    ...(height === undefined ? {} : { height: Math.round(height * dpr) }),
  };
}
