import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Parser } from '@asyncapi/parser';
import { readConfig } from '../../src/config.ts';
import { createAsyncApiDocument } from '../../src/contract/asyncapi.ts';
import { operationNames } from '../../src/contract/operations.ts';
import { openDoor } from './door.ts';

const readText = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('openapi/asyncapi.json matches the contract; npm run docs updates it', async () => {
  const { version: serviceVersion } = JSON.parse(await readText('package.json'));
  const document = createAsyncApiDocument({ serviceVersion, maxUploadBytes: readConfig({}).maxUploadBytes });
  assert.deepEqual(JSON.parse(await readText('openapi/asyncapi.json')), JSON.parse(JSON.stringify(document)));
});

test("serves asyncapi.json with this server's limits", async (t) => {
  const { url } = await openDoor(t);
  const served = (await (await fetch(`${url}/asyncapi.json`)).json()) as {
    asyncapi: string;
    channels: { door: { 'x-zmq': { limits: { imageBytes: number } } } };
  };
  assert.equal(served.asyncapi, '3.0.0');
  assert.equal(served.channels.door['x-zmq'].limits.imageBytes, 100_000);
});

test('asyncapi.json and its examples are valid, with a request and a reply for each operation', async () => {
  const { document, diagnostics } = await new Parser().parse(await readText('openapi/asyncapi.json'));
  // We know that there is a later version of AsyncAPI.
  const problems = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version');
  assert.deepEqual(problems, []);
  const operations = document?.operations().all() ?? [];
  assert.deepEqual(operations.map((operation) => operation.id()).sort(), [...operationNames].sort());
  for (const operation of operations) {
    const ids = (messages: { id(): string }[]) => messages.map((message) => message.id());
    assert.deepEqual(ids(operation.messages().all()), [`${operation.id()}Request`]);
    const replies = [`${operation.id()}Reply`, ...(operation.id() === 'resize' ? ['variantsReply'] : []), 'error'];
    assert.deepEqual(ids(operation.reply()?.messages().all() ?? []), replies);
  }
});
