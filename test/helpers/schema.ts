import assert from 'node:assert/strict';
import { Compile } from 'typebox/schema';

/** Fails where a value is not what a JSON Schema, as a document has it, says. */
export function assertFits(schema: object, value: unknown, what: string): void {
  const [fits, errors] = Compile(schema).Errors(value);
  assert.ok(fits, `${what}: ${JSON.stringify(errors)} in ${JSON.stringify(value)}`);
}
