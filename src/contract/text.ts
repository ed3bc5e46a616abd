import { withHash } from './colour-text.ts';
import { numberOf } from './number-text.ts';
import { aliases } from './parameters.ts';
import type { TSchema } from './typebox.ts';
import { Compile, type Validator } from './typebox.ts';
import { invalidValue, repeated, unknownField } from './validate.ts';

interface Schema {
  type?: string;
  format?: string;
  anyOf?: readonly Schema[];
}

const validators = new WeakMap<TSchema, Validator>();

const booleans: Record<string, boolean> = { true: true, false: false, 1: true, 0: false };

/** @throws RequestError `invalid_request` */
export function valueFromText(name: string, schema: TSchema, text: string): unknown {
  const validator = validatorOf(schema);
  for (const candidate of candidates(schema as Schema, text)) {
    if (validator.Check(candidate)) return candidate;
  }
  throw invalidValue(name, schema, text);
}

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}

function candidates(schema: Schema, text: string): unknown[] {
  if (schema.anyOf) return schema.anyOf.flatMap((choice) => candidates(choice, text));
  switch (schema.type) {
    case 'integer':
      return [numberOf(text)].filter(Number.isSafeInteger);
    case 'number':
      return [numberOf(text)];
    case 'boolean':
      return Object.hasOwn(booleans, text) ? [booleans[text]] : [];
    case 'array':
      return [text.split(',').map((item) => item.trim())];
    default:
      return [schema.format === 'color' ? withHash(text) : text];
  }
}

/**
 * Parses a query string and resolves aliases.
 * @param given arrays for repeated names
 * @throws RequestError `invalid_request` for an unknown or repeated name, or an invalid value
 */
export function readText(
  schemas: Record<string, TSchema>,
  given: Record<string, string | string[]>,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      const known = Object.keys(schemas).filter((property) => !aliases.has(property));
      throw unknownField(name, known);
    }
    const field = aliases.get(name) ?? name;
    if (Array.isArray(text) || Object.hasOwn(read, field)) throw repeated(field);
    read[field] = valueFromText(name, schema, text);
  }
  return read;
}
