import { colourParameters } from './colour-parameters.ts';
import { geometryParameters } from './geometry-parameters.ts';
import { outputParameters } from './output-parameters.ts';
import type { Parameter } from './parameter.ts';
import { sizeParameters } from './size-parameters.ts';
import type { Static } from './typebox.ts';
import { watermarkParameters } from './watermark-parameters.ts';

/**
 * The transformation parameters, in the order of the documents.
 * To add one, add its record to its group: its validation at both doors and its lines in the documents follow from it,
 * and the type check then asks for the step of the pipeline that applies it.
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

/** The parameters with their shape widened, for whoever walks through all of them. */
export const parameterRecords: Readonly<Record<ParameterName, Parameter>> = parameters;

/** From each alias to its parameter. */
export const aliases: ReadonlyMap<string, ParameterName> = new Map(
  parameterNames.flatMap((name) => {
    const { alias } = parameterRecords[name];
    return alias === undefined ? [] : [[alias, name] as const];
  }),
);

/** The transformation parameters among the fields of a request. */
export function pickParameters(request: Parameters): Parameters {
  const picked: Record<string, unknown> = {};
  for (const name of parameterNames) if (request[name] !== undefined) picked[name] = request[name];
  return picked;
}

/**
 * One text for all requests that mean the same: sorted by the order of the table, each value in one form,
 * without what is the default anyway and what has nothing to act on.
 * Made of valid parameters, with their aliases and their preset resolved.
 */
export function canonicalParameters(request: Parameters): string {
  const effective = withDpr(request);
  const parts: string[] = [];
  // Few are given of many, and this is done for every request, a refused one too.
  for (const name of (Object.keys(effective) as ParameterName[]).sort(byOrder)) {
    const given = effective[name];
    if (given === undefined || (ofWatermark.has(name) && effective.watermark === undefined)) continue;
    const { schema, canonical } = parameterRecords[name];
    const value = canonical === undefined ? given : canonical(given as never);
    const { default: unset } = schema as { default?: unknown };
    if (value !== undefined && value !== unset) parts.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return parts.join('&');
}

const order = Object.fromEntries(parameterNames.map((name, index) => [name, index])) as Record<ParameterName, number>;
const byOrder = (one: ParameterName, other: ParameterName) => order[one] - order[other];

/** What has nothing to act on without a watermark. */
const ofWatermark: ReadonlySet<ParameterName> = new Set(
  (Object.keys(watermarkParameters) as ParameterName[]).filter((name) => name !== 'watermark'),
);

/** Width and height in pixels of the result, which dpr has been applied to. */
export function withDpr(given: Parameters): Parameters {
  if (given.dpr === undefined) return given;
  const { dpr, ...request } = given;
  const { width, height } = request;
  return {
    ...request,
    ...(width === undefined ? {} : { width: Math.round(width * dpr) }),
    ...(height === undefined ? {} : { height: Math.round(height * dpr) }),
  };
}
