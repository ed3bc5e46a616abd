import { withHash } from './colour-text.ts';
import { expected, oneOf, received, type Schema, suggest } from './error-text.ts';
import { RequestError } from './errors.ts';
import { duplicateField, invalidValue, unknownField } from './field-errors.ts';
import { requestSchemas } from './message-schemas.ts';
import { type OperationName, operationNames, operations, type RequestOf } from './operations.ts';
import { maxVariants, Variants } from './parameter-fields.ts';
import { aliases, type ParameterName, parameterRecords } from './parameters.ts';
import { Compile, type TSchema, type Validator } from './typebox.ts';

const variantSchema = Variants.items;
const variantValidator = Compile(variantSchema) as unknown as Validator;

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
    typeof set === 'object' && set !== null && !Array.isArray(set)
      ? toText(resolveAliases(set, `variants[${index}].`))
      : set;
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
