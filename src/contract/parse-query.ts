import { withHash } from './colour-text.ts';
import { duplicateField, invalidValue, unknownField } from './field-errors.ts';
import { parseNumber } from './number-text.ts';
import { aliases } from './parameters.ts';
import { Compile, type TSchema, type Validator } from './typebox.ts';

interface Schema {
  type?: string;
  format?: string;
  anyOf?: readonly Schema[];
}

const validators = new WeakMap<TSchema, Validator>();

const booleans: Record<string, boolean> = { true: true, false: false, 1: true, 0: false };

/**
 * Converts text to the type of its schema.
 * @throws RequestError `invalid_request`
 */
export function parseValue(name: string, schema: TSchema, text: string): unknown {
  const validator = validatorOf(schema);
  for (const candidate of candidates(schema as Schema, text)) {
    if (validator.Check(candidate)) return candidate;
  }
  throw invalidValue(name, schema, text);
}

function validatorOf(schema: TSchema): Validator {
  const compiled = validators.get(schema);
  if (compiled !== undefined) return compiled;
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}

function candidates(schema: Schema, text: string): unknown[] {
  if (schema.anyOf) return schema.anyOf.flatMap((choice) => candidates(choice, text));
  switch (schema.type) {
    case 'integer':
      return [parseNumber(text)].filter(Number.isSafeInteger);
    case 'number':
      return [parseNumber(text)];
    case 'boolean':
      return Object.hasOwn(booleans, text) ? [booleans[text]] : [];
    case 'array':
      return [text.split(',').map((item) => item.trim())];
    default:
      return [schema.format === 'color' ? withHash(text) : text];
  }
}

/**
 * Parses the values of a query string and resolves aliases.
 * @param given a value is an array if its name is repeated
 * @throws RequestError `invalid_request` for an unknown or duplicate name, or an invalid value
 */
export function parseQuery(
  schemas: Record<string, TSchema>,
  given: Record<string, string | string[]>,
): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      const known = Object.keys(schemas).filter((property) => !aliases.has(property));
      throw unknownField(name, known);
    }
    const field = aliases.get(name) ?? name;
    if (Array.isArray(text) || Object.hasOwn(parsed, field)) throw duplicateField(field);
    parsed[field] = parseValue(name, schema, text);
  }
  return parsed;
}
