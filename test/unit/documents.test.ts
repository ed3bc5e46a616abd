import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents } from '../../openapi/tables.ts';

test('the tables of the documents are what the code says; npm run docs brings them up to date', async () => {
  for (const { url, text, upToDate } of await documents()) assert.equal(text, upToDate, url.pathname);
});
