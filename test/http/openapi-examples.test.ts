import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { requestExamples } from '../../src/contract/asyncapi-examples.ts';
import { assertMatchesSchema } from '../helpers/schema.ts';
import { startService } from '../helpers/service.ts';

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: string;
  example?: unknown;
}

interface Operation {
  operationId: string;
  parameters: { $ref: string }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: Json; example?: unknown }> }>;
}

const { paths, components } = JSON.parse(
  await readFile(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'),
) as {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter> };
};

const service = await startService({ after });
const image = Buffer.from(requestExamples.upload.image_data as string, 'base64');

/** In the order in which a user would call them. */
const order = [
  'getHealth',
  'getReady',
  'uploadImage',
  'putImage',
  'headImage',
  'getImage',
  'getImageInfo',
  'listImages',
  'makeVariants',
  'resizeImage',
  'deleteImage',
];

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** A request for an operation, made of the examples of its parameters and its body. */
function exampleOf({ path, method, operation }: (typeof operations)[number]): { url: URL; init: RequestInit } {
  const given = operation.parameters
    .map(({ $ref }) => components.parameters[$ref.slice('#/components/parameters/'.length)] as Parameter)
    .filter(({ example }) => example !== undefined);
  const filled = given
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path);
  const url = new URL(filled, service.http);
  for (const parameter of given) {
    if (parameter.in === 'query') url.searchParams.set(parameter.name, String(parameter.example));
  }
  const [[type, { example }] = ['', { example: undefined }]] = Object.entries(operation.requestBody?.content ?? {});
  const headers: Record<string, string> = {};
  let body: NonNullable<RequestInit['body']> | undefined;
  if (type === 'multipart/form-data') {
    body = new FormData();
    body.set('image', new Blob([image], { type: 'image/png' }), 'pixel.png');
  } else if (type !== '') {
    headers['content-type'] = type;
    body = example === undefined ? image : JSON.stringify(example);
  }
  return { url, init: { method: method.toUpperCase(), headers, ...(body !== undefined && { body }) } };
}

test('there are examples for all operations', () => {
  assert.deepEqual(operations.map(({ operation }) => operation.operationId).sort(), [...order].sort());
});

for (const operationId of order) {
  test(`${operationId}: its example is answered as documented`, async () => {
    const one = operations.find(({ operation }) => operation.operationId === operationId);
    assert.ok(one);
    const { url, init } = exampleOf(one);
    const response = await fetch(url, init);
    const text = await response.text();
    const documented = one.operation.responses[response.status];
    assert.ok(response.ok && documented, `${response.status}: ${text}`);
    const json = documented.content?.['application/json'];
    if (json === undefined) return;
    const answer = JSON.parse(text);
    assertMatchesSchema({ ...json.schema, components }, answer, 'the answer');
    assert.deepEqual(withoutVolatileFields(answer, operationId), withoutVolatileFields(json.example, operationId));
  });
}

/** Removes fields that differ on each call. */
function withoutVolatileFields(answer: unknown, operationId: string): unknown {
  const changing = ['request_id', 'created_at', ...(operationId === 'putImage' ? ['created'] : [])];
  return JSON.parse(JSON.stringify(answer, (key, value) => (changing.includes(key) ? undefined : value)));
}
