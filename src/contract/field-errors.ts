import { expected, received, type Schema, suggest } from './error-text.ts';
import { RequestError } from './errors.ts';
import type { TSchema } from './typebox.ts';

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

export function invalidValue(parameter: string, schema: TSchema | Schema, value: unknown): RequestError {
  const message = `Expected ${expected(schema)} for ${parameter} but received ${received(value)}`;
  return new RequestError('invalid_request', message, { parameter });
}
