import { closest, distance } from 'fastest-levenshtein';
import { withHash } from './colour-text.ts';
import { RequestError } from './errors.ts';
import { requestSchemas } from './message-schemas.ts';
import { type OperationName, operationNames, operations, type RequestOf } from './operations.ts';
import { maxVariants, Variants } from './parameter-fields.ts';
import { aliases, type ParameterName, parameterRecords } from './parameters.ts';
import { sha256Pattern } from './sha256.ts';
import { expectedText } from './text-format.ts';
import type { TSchema } from './typebox.ts';
import { Compile, type Validator } from './typebox.ts';

const maxShownLength = 80;

const variantSchema = Variants.items;
const variantValidator = Compile(variantSchema) as unknown as Validator;

interface Schema {
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

/**
 * @returns the request with aliases resolved
 * @throws RequestError `invalid_operation`, or `invalid_request` that names the field
 */
export type RequestCheck = (value: unknown) => RequestOf;

export function createRequestCheck(schemas: typeof requestSchemas): RequestCheck {
  const validators = Object.fromEntries(
    operationNames.map((name) => [name, Compile(schemas[name])]),
  ) as unknown as Record<OperationName, Validator>;

  return (value) => {
    const operation = operationOf(value);
    const request = operation === 'resize' ? resolveAllAliases(value as object) : value;
    if (!validators[operation].Check(request)) {
      checkVariants(request as { variants?: unknown });
      throw firstError(schemas[operation], validators[operation], request as Record<string, unknown>);
    }
    return request as RequestOf;
  };
}

export const checkRequest: RequestCheck = createRequestCheck(requestSchemas);

function operationOf(value: unknown): OperationName {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('invalid_request', `Expected a JSON object but received ${received(value)}`);
  }
  const { operation } = value as { operation?: unknown };
  if (operation === undefined) {
    throw new RequestError('invalid_request', `Expected operation to be ${oneOf(operationNames)} but it is missing`, {
      parameter: 'operation',
    });
  }
  if (typeof operation !== 'string' || !Object.hasOwn(operations, operation)) {
    const hint =
      typeof operation === 'string' ? suggest(operation, operationNames) : `expected ${oneOf(operationNames)}`;
    throw new RequestError('invalid_operation', `Invalid operation ${received(operation)}; ${hint}`, {
      parameter: 'operation',
    });
  }
  return operation as OperationName;
}

function checkVariants({ variants }: { variants?: unknown }): void {
  if (!Array.isArray(variants)) return;
  if (variants.length > maxVariants) throw invalidValue('variants', Variants, variants);
  for (const [index, set] of variants.entries()) {
    const name = `variants[${index}]`;
    if (typeof set !== 'object' || set === null || Array.isArray(set)) throw invalidValue(name, variantSchema, set);
    if (!variantValidator.Check(set)) {
      throw firstError(variantSchema, variantValidator, set as Record<string, unknown>, `${name}.`);
    }
  }
}

function resolveAllAliases(value: object): object {
  const resolved = toText(resolveAliases(value));
  if (!Array.isArray(resolved.variants) || resolved.variants.length > maxVariants) return resolved;
  const resolveIn = (set: unknown, index: number) =>
    typeof set === 'object' && set !== null ? toText(resolveAliases(set, `variants[${index}].`)) : set;
  return { ...resolved, variants: resolved.variants.map(resolveIn) };
}

/** @throws RequestError for a name together with its alias */
function resolveAliases(value: object, path = ''): Record<string, unknown> {
  // No prototype: assigning a field named `__proto__` would replace it.
  const resolved: Record<string, unknown> = Object.create(null);
  for (const [field, content] of Object.entries(value)) {
    const name = aliases.get(field) ?? field;
    if (Object.hasOwn(resolved, name)) throw duplicateField(path + name);
    resolved[name] = content;
  }
  return resolved;
}

function toText(request: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(request).map(([field, content]) => {
    if (!Object.hasOwn(parameterRecords, field)) return [field, content];
    const { numbers, schema } = parameterRecords[field as ParameterName];
    if ((schema as Schema).format === 'color' && typeof content === 'string') return [field, withHash(content)];
    if (!numbers) return [field, content];
    const list: unknown[] = Array.isArray(content) ? content : [content];
    const isText = list.length <= 4 && list.every((item) => typeof item === 'number');
    return [field, isText ? list.join(',') : content];
  });
  return Object.fromEntries(entries);
}

export function duplicateField(parameter: string): RequestError {
  return new RequestError('invalid_request', `Expected ${parameter} once but received it more than once`, {
    parameter,
  });
}

export function unknownField(field: string, known: readonly string[], path = ''): RequestError {
  return new RequestError('invalid_request', `Unknown parameter ${received(path + field)}; ${suggest(field, known)}`, {
    parameter: path + field,
  });
}

/** Hint for an unknown name: the closest known one, or all. */
export function suggest(name: string, known: readonly string[]): string {
  // The time for an edit distance grows with the product of the lengths.
  const nearest = name.length > maxShownLength || known.length === 0 ? '' : closest(name, known);
  const isNear = nearest !== '' && distance(name, nearest) <= Math.max(2, name.length / 3);
  return isNear ? `did you mean ${nearest}?` : `expected ${known.length > 0 ? oneOf(known) : 'none'}`;
}

/** @param path prefix of the field, such as `variants[1].` */
function firstError(given: TSchema, validator: Validator, request: Record<string, unknown>, path = ''): RequestError {
  const schema = given as unknown as { properties: Record<string, Schema>; required?: string[] };
  const known = Object.keys(schema.properties);
  for (const field of Object.keys(request)) {
    if (!Object.hasOwn(schema.properties, field))
      return unknownField(
        field,
        known.filter((k) => k !== 'operation'),
        path,
      );
  }
  for (const field of schema.required ?? []) {
    if (!Object.hasOwn(request, field)) {
      const missing = expected(schema.properties[field] as Schema);
      return new RequestError('invalid_request', `Expected ${missing} for ${path}${field} but it is missing`, {
        parameter: path + field,
      });
    }
  }
  const [error] = validator.Errors(request);
  const field = error?.instancePath.split('/')[1] ?? '';
  return invalidValue(path + field, schema.properties[field] as Schema, request[field]);
}

export function invalidValue(parameter: string, schema: TSchema | Schema, value: unknown): RequestError {
  const message = `Expected ${expected(schema)} for ${parameter} but received ${received(value)}`;
  return new RequestError('invalid_request', message, { parameter });
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
  return String(JSON.stringify(value));
}
