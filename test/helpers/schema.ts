import assert from 'node:assert/strict';
import { Compile } from 'typebox/schema';

/** Asserts that a value matches a JSON Schema from a document. */
export function assertMatchesSchema(schema: object, value: unknown, what: string): void {
  const [isValid, errors] = Compile(schema).Errors(value);
  assert.ok(isValid, `${what}: ${JSON.stringify(errors)} in ${JSON.stringify(value)}`);
}
