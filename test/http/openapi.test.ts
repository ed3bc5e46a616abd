import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';
import { createOpenApiDocument } from '../../src/gateway/http/openapi/document.ts';
import { openDoor } from './door.ts';

const root = new URL('../../', import.meta.url);
const readJson = async (path: string) => JSON.parse(await readFile(new URL(path, root), 'utf8'));

test('openapi/openapi.json is what the routes say; npm run docs brings it up to date', async () => {
  const { version } = await readJson('package.json');
  const document = JSON.parse(JSON.stringify(await createOpenApiDocument(version)));
  assert.deepEqual(await readJson('openapi/openapi.json'), document);
});

test('it breaks none of the rules that Redocly recommends', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lint({ ref: fileURLToPath(new URL('openapi/openapi.json', root)), config });
  assert.deepEqual(
    problems.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    [],
  );
});

test('the document is served', async (t) => {
  const { url } = await openDoor(t, { serviceVersion: '9.9.9' });
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string;
    info: { version: string };
  };
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, '9.9.9');
});

test('every operation has its own stable name, a summary, and errors that are problems', async () => {
  const { paths } = await readJson('openapi/openapi.json');
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods as Record<string, Operation>));
  const names = operations.map(({ operationId }) => operationId);
  assert.deepEqual(names.sort(), [
    'deleteImage',
    'getHealth',
    'getImage',
    'getImageInfo',
    'getReady',
    'headImage',
    'listImages',
    'makeVariants',
    'resizeImage',
    'uploadImage',
  ]);
  for (const { operationId, summary, description, responses } of operations) {
    assert.ok(summary && description, operationId);
    for (const [status, { content }] of Object.entries(responses)) {
      if (Number(status) < 400) continue;
      assert.deepEqual(content, {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  }
});

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  responses: Record<string, { content?: unknown }>;
}
