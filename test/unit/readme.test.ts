import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { withTables } from '../../openapi/tables.ts';

test("the README's tables are what the code says; npm run docs brings them up to date", async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  assert.equal(withTables(readme), readme);
});
