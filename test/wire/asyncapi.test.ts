import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { assertMatchesSchema } from '../helpers/schema.ts';
import { startService } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

interface Message {
  payload: object;
  examples: { payload: Record<string, unknown> }[];
}

const { operations, components } = JSON.parse(
  await readFile(new URL('../../openapi/asyncapi.json', import.meta.url), 'utf8'),
) as { operations: Record<string, unknown>; components: { messages: Record<string, Message>; schemas: object } };

const service = await startService({ after }, { env: { IMGWIRE_WORKERS: '1' } });
const client = connectZmq({ after }, service.zmq);
/** A message with the schemas that its payload refers to. */
function message(name: string): Message {
  const { payload, ...rest } = components.messages[name] as Message;
  return { ...rest, payload: { ...payload, components } };
}

/*
 * The document's order uploads the image before using it, and deletes it last.
 */
for (const name of Object.keys(operations)) {
  test(`${name}: the example is answered as documented`, async () => {
    const { payload, examples } = message(`${name}Request`);
    assert.ok(examples.length > 0);
    for (const example of examples) {
      assertMatchesSchema(payload, example.payload, 'the example');
      const { json, image } = await client.call(example.payload);
      assert.equal(json.status, 'success', JSON.stringify(json));
      const reply = example.payload.variants === undefined ? `${name}Reply` : 'variantsReply';
      assertMatchesSchema(message(reply).payload, json, 'the reply');
      assert.equal(image !== undefined, example.payload.transfer_encoding === 'binary');
      if (example.payload.request_id) assert.equal(json.request_id, example.payload.request_id);
    }
  });

  test(`${name}: an error is answered as documented`, async () => {
    const { json } = await client.call({ ...message(`${name}Request`).examples[0]?.payload, nonsense: 1 });
    assert.equal(json.parameter, 'nonsense');
    assertMatchesSchema(message('error').payload, json, 'the error');
  });
}
