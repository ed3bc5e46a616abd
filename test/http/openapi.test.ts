import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';
import { aliases, parameterNames } from '../../src/contract/parameters.ts';
import { createOpenApiDocument } from '../../src/gateway/http/openapi/document.ts';
import { openDoor } from './door.ts';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters: Json[];
  requestBody?: { content: Json };
  responses: Record<string, Json>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: Record<'parameters' | 'headers' | 'responses' | 'schemas', Record<string, Json>>;
}

const root = new URL('../../', import.meta.url);
const readJson = async (path: string) => JSON.parse(await readFile(new URL(path, root), 'utf8'));

const document: Document = await readJson('openapi/openapi.json');
const { components } = document;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

test('openapi/openapi.json matches the routes; npm run docs updates it', async () => {
  const { version } = await readJson('package.json');
  const current = JSON.parse(JSON.stringify(await createOpenApiDocument(version)));
  assert.deepEqual(document, current);
});

test("openapi.json passes Redocly's recommended rules", async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lint({ ref: fileURLToPath(new URL('openapi/openapi.json', root)), config });
  assert.deepEqual(
    problems.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    [],
  );
});

test('serves the document', async (t) => {
  const { url } = await openDoor(t, { serviceVersion: '9.9.9' });
  const served = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string;
    info: { version: string };
  };
  assert.equal(served.openapi, '3.1.0');
  assert.equal(served.info.version, '9.9.9');
});

test('every operation has a stable name, a summary and problem responses', () => {
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
    'putImage',
    'resizeImage',
    'uploadImage',
  ]);
  for (const { operationId, summary, description, responses } of operations) {
    assert.ok(summary && description, operationId);
    const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    assert.ok(errors.length > 0, operationId);
    for (const [status, response] of errors) {
      assert.deepEqual(response, { $ref: `#/components/responses/Error${status}` });
    }
  }
  for (const { content } of Object.values(components.responses)) {
    assert.deepEqual(content, {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  }
});

test('shared parts are named components, and schemas have names fit for classes', () => {
  for (const { operationId, parameters, requestBody, responses } of operations) {
    for (const parameter of parameters) assert.deepEqual(Object.keys(parameter), ['$ref'], operationId);
    for (const { headers = {} } of Object.values(responses)) {
      for (const header of Object.values(headers as Json)) assert.deepEqual(Object.keys(header as Json), ['$ref']);
    }
    assert.ok(Object.keys(requestBody?.content ?? {}).length < 2, `${operationId} has one type of body`);
    for (const { content = {} } of Object.values(responses)) assert.ok(Object.keys(content as Json).length < 2);
  }
  const wanted = ['UploadedImage', 'ImageInfo', 'ImagePage', 'Transformation', 'VariantsRequest', 'Variant', 'Problem'];
  for (const name of [...wanted, 'ErrorCode', 'OutputFormat']) assert.ok(components.schemas[name], name);
});

test('no schema uses constructs that trip up client generators', () => {
  visit(document, (part, path) => {
    for (const union of ['anyOf', 'oneOf', 'allOf', 'const']) assert.ok(!(union in part), `${union} at ${path}`);
    if (Array.isArray(part.enum)) assert.equal(part.type, 'string', `the enum at ${path} has a type`);
    if (Array.isArray(part.type)) assert.fail(`several types at ${path}`);
  });
  for (const [name, { schema }] of Object.entries(components.parameters)) {
    assert.ok(!('default' in (schema as Json)) || name === 'Limit', `a generated client would send ${name}`);
  }
  for (const { properties = {} } of [components.schemas.Transformation, components.schemas.VariantsRequest] as Json[]) {
    for (const schema of Object.values(properties as Json)) assert.ok(!('default' in (schema as Json)));
  }
  const names = Object.values(components.parameters).map(({ name }) => name);
  for (const name of parameterNames) assert.ok(names.includes(name), name);
  for (const alias of aliases.keys()) assert.ok(!names.includes(alias), alias);
});

test('openapi.json is smaller than 62 kB', () => {
  assert.ok(JSON.stringify(document).length < 62_000, `${JSON.stringify(document).length} bytes`);
});

function visit(part: unknown, see: (part: Json, path: string) => void, path = '#'): void {
  if (typeof part !== 'object' || part === null) return;
  // Property names are not keywords.
  if (!Array.isArray(part) && !/\/(properties|parameters|headers|responses|schemas|example)$/.test(path)) {
    see(part as Json, path);
  }
  for (const [key, value] of Object.entries(part)) visit(value, see, `${path}/${key}`);
}
