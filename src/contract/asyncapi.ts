import { requestExamples, variantsExample } from './asyncapi-examples.ts';
import { sharedParameters, Transformations } from './documented-schemas.ts';
import { formats } from './formats.ts';
import { ErrorReply, replySchemas, requestSchemas } from './message-schemas.ts';
import { type OperationName, operationNames, operations } from './operations.ts';
import { type Schema, toDocumentSchema } from './to-document-schema.ts';
import { Type } from './typebox.ts';
import { VariantsReply } from './variants.ts';

export interface AsyncApiOptions {
  serviceVersion: string;
  /** Bytes. */
  maxUploadBytes: number;
}

const ref = (path: string) => ({ $ref: `#/${path}` });
const requestName = (name: OperationName) => `${name}Request`;
const replyName = (name: OperationName) => `${name}Reply`;
const onDoor = (message: string) => ref(`channels/door/messages/${message}`);

const errorExample = {
  status: 'error',
  code: 'invalid_request',
  message: 'Expected an integer from 1 to 8192 for width but received "abc"',
  parameter: 'width',
  request_id: 'resize-1',
};

/** Generates the AsyncAPI document of the ZeroMQ door from the contract. */
export function createAsyncApiDocument({ serviceVersion, maxUploadBytes }: AsyncApiOptions) {
  const schemas: Record<string, Schema> = {};
  const payloadOf: PayloadOf = (title, { properties, ...schema }) =>
    toDocumentSchema({ ...schema, title, properties: withTitles(properties, title) }, schemas, '#/components/schemas/');
  const messages = {
    ...Object.fromEntries(operationNames.flatMap((name) => messagesOf(name, payloadOf))),
    variantsReply: { ...variantsReply, payload: payloadOf('VariantsReply', VariantsReply) },
    error: { ...error, payload: payloadOf('ErrorReply', ErrorReply) },
  };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'imgwire',
      version: serviceVersion,
      description:
        'Stores images and serves them in any size and format, over ZeroMQ. An image_id is the SHA-256 of the file, so every request is idempotent and can be retried. Every message gets a reply, with status success, or with status error and a code.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
      tags: [{ name: 'images' }, { name: 'service' }],
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:5555', protocol: 'zmq', description: 'The default endpoint.' },
    },
    channels: {
      door: {
        address: 'tcp://127.0.0.1:5555',
        title: 'The ZeroMQ door',
        description:
          'A ROUTER socket for REQ clients, and for DEALER clients that send an empty delimiter frame before each request; clients are served concurrently. Replies to a DEALER arrive in order of completion: match them by request_id.',
        servers: [ref('servers/local')],
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
        'x-zmq': {
          socket: 'ROUTER',
          peers: ['REQ', 'DEALER'],
          limits: {
            requestFrames: 2,
            imageBytes: maxUploadBytes,
            beyond:
              'An image over the limit is rejected as too_large. A frame of more than about three times the limit closes the connection.',
          },
        },
      },
    },
    operations: Object.fromEntries(operationNames.map((name) => [name, operationOf(name)])),
    components: { messages, schemas },
  };
}

function operationOf(name: OperationName) {
  const replies = name === 'resize' ? [replyName(name), 'variantsReply', 'error'] : [replyName(name), 'error'];
  return {
    action: 'receive',
    channel: ref('channels/door'),
    summary: operations[name].summary,
    tags: [{ name: name === 'ping' ? 'service' : 'images' }],
    messages: [onDoor(requestName(name))],
    reply: { channel: ref('channels/door'), messages: replies.map(onDoor) },
  };
}

type PayloadOf = (title: string, schema: { properties: object }) => Schema;

function messagesOf(name: OperationName, payloadOf: PayloadOf): [string, object][] {
  const { input, returnsImage, summary } = operations[name];
  return [
    [
      requestName(name),
      {
        name: requestName(name),
        title: summary,
        contentType: 'application/json',
        payload: payloadOf(titleOf(name, 'Request'), name === 'resize' ? ResizeRequest : requestSchemas[name]),
        examples: [
          { name, payload: requestExamples[name] },
          ...(name === 'resize' ? [{ name: 'variants', payload: variantsExample }] : []),
        ],
        'x-zmq': { frames: input === 'none' ? [json] : [json, { ...image, optional: true, insteadOf: 'image_data' }] },
      },
    ],
    [
      replyName(name),
      {
        name: replyName(name),
        title: operations[name].message,
        contentType: 'application/json',
        payload: payloadOf(titleOf(name, 'Reply'), replySchemas[name]),
        'x-zmq': {
          frames: returnsImage ? [json, binaryImage] : [json],
        },
      },
    ],
  ];
}

const json = { content: 'application/json', encoding: 'utf-8' };
const image = { content: Object.values(formats).map(({ mediaType }) => mediaType) };
const binaryImage = { ...image, optional: true, insteadOf: 'image_data', when: 'transfer_encoding is binary' };

/** Reply to a `resize` request with `variants`. */
const variantsReply = {
  name: 'variantsReply',
  title: operations.resize.message,
  contentType: 'application/json',
  'x-zmq': { frames: [json, { ...binaryImage, repeated: 'for each of variants' }] },
};

const error = {
  name: 'error',
  title: 'An error',
  contentType: 'application/json',
  examples: [{ name: 'invalid_request', payload: errorExample }],
  'x-zmq': { frames: [json] },
};

/** Documented without aliases. */
const ResizeRequest = Type.Object(
  { ...requestSchemas.resize.properties, ...sharedParameters, variants: Type.Optional(Transformations) },
  { additionalProperties: false },
);

function titleOf(name: OperationName, kind: 'Request' | 'Reply'): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${kind}`;
}

/** Titles the constants `operation` and `status`: code generators name types after titles. */
function withTitles(properties: { operation?: object; status?: object }, title: string): object {
  const { operation, status } = properties;
  return {
    ...properties,
    ...(operation && { operation: { ...operation, title: title.replace('Request', 'Operation') } }),
    ...(status && { status: { ...status, title: title === 'ErrorReply' ? 'ErrorStatus' : 'SuccessStatus' } }),
  };
}
