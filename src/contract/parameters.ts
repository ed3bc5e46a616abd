import colorString from 'color-string';
import Type, { type Static, type TSchema } from 'typebox';
import Format from 'typebox/format';
import { outputFormatNames } from './formats.ts';

/** One transformation parameter: all that the doors, the documents and the pipeline need to know of it. */
export interface Parameter {
  /** A short name for it, in query strings and JSON alike. */
  alias?: string;
  schema: TSchema;
  description: string;
  /** A value that shows its use. */
  example: string | number | boolean;
}

export const positions = [
  'center',
  'top',
  'right top',
  'right',
  'right bottom',
  'bottom',
  'left bottom',
  'left',
  'left top',
  'entropy',
  'attention',
] as const;

Format.Set('color', (value) => colorString.get(value) !== null);

const dimension = Type.Integer({ minimum: 1, maximum: 8192 });

/**
 * The transformation parameters, in the order of the documents.
 * To add one, add its record here: its validation at both doors and its lines in the documents follow from it,
 * and the type check then asks for the step of the pipeline that applies it.
 */
export const parameters = {
  width: {
    alias: 'w',
    schema: dimension,
    description:
      'Width of the result in pixels. Where only one of width and height is given, the other follows from the proportions of the image.',
    example: 720,
  },
  height: {
    alias: 'h',
    schema: dimension,
    description: 'Height of the result in pixels.',
    example: 480,
  },
  fit: {
    schema: Type.Enum(['cover', 'contain', 'fill', 'inside', 'outside'], { default: 'cover' }),
    description:
      'How the image fits width and height: cover cuts off what is over, contain adds bars of the background, fill distorts, inside and outside keep the proportions and are at most or at least that large.',
    example: 'contain',
  },
  position: {
    schema: Type.Enum([...positions], { default: 'center' }),
    description:
      'The part of the image that cover keeps, or the place where contain puts it. entropy and attention, for cover alone, look for the part with the most detail or the most striking one.',
    example: 'right top',
  },
  enlarge: {
    schema: Type.Boolean({ default: true }),
    description: 'Whether an image smaller than width and height is made larger.',
    example: false,
  },
  background: {
    alias: 'bg',
    schema: Type.String({ format: 'color', maxLength: 64, default: 'black' }),
    description:
      'CSS colour of the bars that contain adds, and of what lies behind a transparent image in a format without transparency.',
    example: 'white',
  },
  format: {
    alias: 'f',
    schema: Type.Enum(outputFormatNames),
    description: 'Format of the result. Default: that of the source, and png for one that cannot be written (svg).',
    example: 'webp',
  },
  quality: {
    alias: 'q',
    schema: Type.Integer({ minimum: 1, maximum: 100 }),
    description:
      'Quality of the encoder; png and gif are lossless whatever it is, png with a palette where it is below 100.',
    example: 75,
  },
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
  return Object.fromEntries(
    parameterNames.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]])),
  );
}

/**
 * One text for all requests that mean the same: sorted by the order of the table, without what is the default anyway.
 * Made of valid parameters, with their aliases resolved.
 */
export function canonicalParameters(request: Parameters): string {
  const parts = parameterNames.flatMap((name) => {
    const value = request[name];
    const { default: unset } = parameterRecords[name].schema as { default?: unknown };
    return value === undefined || value === unset ? [] : [`${name}=${encodeURIComponent(String(value))}`];
  });
  return parts.join('&');
}
