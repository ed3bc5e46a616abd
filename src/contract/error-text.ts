import { closest, distance } from 'fastest-levenshtein';
import { sha256Pattern } from './sha256.ts';
import { expectedText } from './text-format.ts';

const maxShownLength = 80;

/** The keywords of a JSON Schema that an error message describes. */
export interface Schema {
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** Describes the pattern in words, with an example; completes "Expected …". */
  expected?: string;
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  minItems?: number;
  maxItems?: number;
}

/** Completes "Expected …". */
export function expected(schema: Schema): string {
  if (schema.expected !== undefined) return schema.expected;
  if (schema.anyOf) return schema.anyOf.map(expected).join(' or ');
  if (schema.enum) return oneOf(schema.enum.map(String));
  if (schema.const !== undefined) return String(schema.const);
  const text = schema.format === undefined ? undefined : expectedText(schema.format);
  if (text !== undefined) return text;
  if (schema.pattern === sha256Pattern) return 'a SHA-256 in 64 lowercase hex digits';
  switch (schema.type) {
    case 'integer':
      return `an integer${range(schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      if (schema.items?.type === 'object') return `an array${range(schema.minItems, schema.maxItems, ' objects')}`;
      return `a list, separated by commas, each ${expected(schema.items ?? {})}`;
    case 'object':
      return 'an object';
    case 'string':
      return `a string${range(schema.minLength, schema.maxLength, ' characters')}${schema.pattern ? ` that matches ${schema.pattern}` : ''}`;
    default:
      return schema.type ?? 'another value';
  }
}

function range(minimum?: number, maximum?: number, unit = ''): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${unit ? 'of' : 'from'} ${minimum} to ${maximum}${unit}`;
  if (minimum !== undefined) return unit ? ` of at least ${minimum}${unit}` : ` of at least ${minimum}`;
  if (maximum !== undefined) return unit ? ` of at most ${maximum}${unit}` : ` of at most ${maximum}`;
  return '';
}

export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

/** Completes "but received …": truncated JSON, or `an array` or `an object`. */
export function received(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value === 'string' && value.length > maxShownLength) {
    return `${JSON.stringify(value.slice(0, maxShownLength))}… (${value.length} characters)`;
  }
  // JSON has no infinity, but a number such as 1e400 is parsed as one.
  return typeof value === 'number' ? String(value) : String(JSON.stringify(value));
}

/** Hint for an unknown name: the closest known one, or all. */
export function suggest(name: string, known: readonly string[]): string {
  // The time for an edit distance grows with the product of the lengths.
  const nearest = name.length > maxShownLength || known.length === 0 ? '' : closest(name, known);
  const isNear = nearest !== '' && distance(name, nearest) <= Math.max(2, name.length / 3);
  return isNear ? `did you mean ${nearest}?` : `expected ${known.length > 0 ? oneOf(known) : 'none'}`;
}
