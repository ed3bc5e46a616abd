import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents } from '../../openapi/tables.ts';

test('the generated tables in the documents are up to date; npm run docs updates them', async () => {
  for (const { url, text, upToDate } of await documents()) assert.equal(text, upToDate, url.pathname);
});
