import { errorCodeNames } from './errors.ts';
import { formatNames, mediaTypes } from './formats.ts';
import { type ParameterName, parameterRecords, type parameters } from './parameters.ts';
import type { NeededRight } from './rights.ts';
import { sha256Pattern } from './sha256.ts';
import { grantParameter, signatureParameters } from './signing.ts';
import { type Static, type TObject, type TOptional, type TProperties, type TSchema, Type } from './typebox.ts';

export const ImageId = Type.String({
  pattern: sha256Pattern,
  description: 'SHA-256 of the file in lowercase hex, as sha256sum prints it.',
  examples: ['b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640'],
});

const maxRequestIdLength = 128;

/** Each hop of a request that goes in circles holds a lane: few, so that it ends before the lanes do. */
export const maxHops = 4;

/** Fits a header and a log line. */
export const RequestId = Type.String({
  minLength: 1,
  maxLength: maxRequestIdLength,
  pattern: '^[\\x20-\\x7e]+$',
  description: `1 to ${maxRequestIdLength} printable ASCII characters, returned with the reply and written to every log line of the request.`,
});

const common = {
  request_id: Type.Optional(RequestId),
  timeout_ms: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_600_000,
      description: "Milliseconds to wait for the reply, at most the server's own limit.",
    }),
  ),
  transfer_encoding: Type.Optional(
    Type.Enum(['base64', 'binary'], {
      title: 'TransferEncoding',
      default: 'base64',
      description: 'How an image comes back: in image_data, or as raw bytes in a second frame.',
    }),
  ),
  hops: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: maxHops,
      description: `Gateways that have passed the request on to another node; with ${maxHops}, it is passed on no further. Clients leave it out.`,
    }),
  ),
  traceparent: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
      description: 'The trace that this request belongs to, as in the HTTP header of W3C Trace Context.',
      examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    }),
  ),
  tracestate: Type.Optional(
    Type.String({ maxLength: 512, description: 'Goes with traceparent, as in the HTTP header of W3C Trace Context.' }),
  ),
};

const image = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image in base64, or as a data: URI. A second frame with its bytes may stand in its place.',
    }),
  ),
};

const imageOrId = { image_id: Type.Optional(ImageId), ...image };

const pixels = (description: string) => Type.Integer({ minimum: 1, description });
const size = Type.Integer({ minimum: 0, description: 'Bytes of the whole image.' });
const format = Type.Enum(formatNames, { title: 'ImageFormat' });
const mediaType = Type.Enum(mediaTypes, { title: 'MediaType' });
const width = pixels('Pixels, upright as the EXIF orientation says.');
const height = pixels('Pixels, upright as the EXIF orientation says; of one frame of an animation.');
const createdAt = Type.String({ format: 'date-time', description: 'When the image was stored.' });

const imageReply = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image in base64; absent with transfer_encoding binary, where the second frame holds it.',
    }),
  ),
};

type ParameterProperties = {
  [N in ParameterName]: TOptional<(typeof parameters)[N]['schema']>;
};

const listOfNumbers = Type.Array(Type.Number(), { maxItems: 4 });

const parameterProperties = Object.fromEntries(
  Object.entries(parameterRecords).map(([name, { schema, numbers, description, example }]) => {
    const inJson: TSchema = numbers ? Type.Union([schema, listOfNumbers, Type.Number()]) : schema;
    return [name, Type.Optional({ ...inJson, description, examples: [example] })];
  }),
) as unknown as ParameterProperties;

export const maxVariants = 20;

export const defaultListLimit = 100;

export const Variants = Type.Array(Type.Object(parameterProperties, { additionalProperties: false }), {
  minItems: 1,
  maxItems: maxVariants,
  description: `1 to ${maxVariants} sets of transformation parameters, each of which makes an image; what stands beside them holds for every set that does not say otherwise.`,
});

/** Light work waits for disks, heavy work computes: each has its own lanes. */
export type Weight = 'light' | 'heavy';

interface OperationRecord {
  summary: string;
  weight: Weight;
  right: NeededRight;
  /** `image or id`: an image, or the id of a stored one. */
  input: 'none' | 'image' | 'image or id';
  returnsImage: boolean;
  message: string;
  request: TProperties;
  reply: TProperties;
}

export const operations = {
  upload: {
    summary: 'Store an image',
    weight: 'light',
    right: 'write',
    input: 'image',
    returnsImage: false,
    message: 'Image uploaded successfully',
    request: { ...image, grant: grantParameter },
    reply: {
      image_id: ImageId,
      created: Type.Boolean({
        description: 'False if it was already stored; a best guess on engines without conditional puts.',
      }),
      format,
      media_type: mediaType,
      width,
      height,
      size,
    },
  },
  retrieve: {
    summary: 'Get a stored image as it was uploaded',
    weight: 'light',
    right: 'read',
    input: 'none',
    returnsImage: true,
    message: 'Image retrieved successfully',
    request: {
      image_id: ImageId,
      offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'First byte wanted.' })),
      length: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: 'Most bytes wanted; 0 asks for the size and kind alone. Default: up to the end.',
        }),
      ),
      ...signatureParameters,
    },
    reply: { ...imageReply, format, media_type: mediaType, size },
  },
  resize: {
    summary: 'Transform an image',
    weight: 'heavy',
    right: 'read',
    input: 'image or id',
    returnsImage: true,
    message: 'Image resized successfully',
    request: { ...imageOrId, ...parameterProperties, variants: Type.Optional(Variants), ...signatureParameters },
    reply: {
      ...imageReply,
      format,
      media_type: mediaType,
      width: pixels('Pixels.'),
      height: pixels('Pixels; of one frame of an animation.'),
      size,
    },
  },
  info: {
    summary: 'Describe an image',
    weight: 'light',
    right: 'read',
    input: 'image or id',
    returnsImage: false,
    message: 'Image described successfully',
    request: { ...imageOrId, ...signatureParameters },
    reply: {
      format,
      media_type: mediaType,
      width,
      height,
      size,
      frames: Type.Integer({
        minimum: 1,
        description: 'Frames of an animation or pages of a document; 1 for a still image.',
      }),
      orientation: Type.Integer({ minimum: 1, maximum: 8, description: 'EXIF orientation; 1 if there is none.' }),
      has_alpha: Type.Boolean(),
      color_space: Type.String({ description: 'Colour space of the file, such as srgb, cmyk or b-w.' }),
      created_at: Type.Optional(createdAt),
    },
  },
  list: {
    summary: 'List the stored images',
    weight: 'light',
    right: 'admin',
    input: 'none',
    returnsImage: false,
    message: 'Images listed successfully',
    request: {
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1000, default: defaultListLimit, description: 'Most images to list.' }),
      ),
      order: Type.Optional(
        Type.Enum(['id', 'newest'], {
          title: 'Order',
          default: 'id',
          description: 'By image_id, or by the time of the upload, the latest first.',
        }),
      ),
      cursor: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 256,
          description: 'next_cursor of the page before, which had the same order.',
        }),
      ),
    },
    reply: {
      images: Type.Array(Type.Object({ image_id: ImageId, size, created_at: createdAt }, { title: 'StoredImage' })),
      next_cursor: Type.Optional(Type.String({ description: 'Where the next page begins; absent on the last one.' })),
    },
  },
  delete: {
    summary: 'Delete a stored image',
    weight: 'light',
    right: 'admin',
    input: 'none',
    returnsImage: false,
    message: 'Image deleted successfully',
    request: { image_id: ImageId },
    reply: { image_id: ImageId },
  },
  ping: {
    summary: 'Ask a worker for a sign of life',
    weight: 'light',
    right: 'any',
    input: 'none',
    returnsImage: false,
    message: 'pong',
    request: {},
    reply: {
      version: Type.String({ description: 'Version of the service and of the codecs that its results depend on.' }),
    },
  },
} as const satisfies Record<string, OperationRecord>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];

type Request<N extends OperationName> = { operation: N } & Static<TObject<(typeof operations)[N]['request']>> &
  Static<TObject<typeof common>>;
type ReplyOf<N extends OperationName> = Static<TObject<(typeof operations)[N]['reply']>>;

export type RequestOf<N extends OperationName = OperationName> = { [M in N]: Request<M> }[N];
/** Beside `status`, `message` and `request_id`. */
export type OperationReply<N extends OperationName> = ReplyOf<N>;

export const requestSchemas = mapOperations((name) =>
  Type.Object(
    { operation: Type.Literal(name), ...common, ...operations[name].request },
    { additionalProperties: false },
  ),
);

export const replySchemas = mapOperations((name) =>
  Type.Object({
    status: Type.Literal('success'),
    message: Type.String(),
    request_id: RequestId,
    ...operations[name].reply,
  }),
);

export const ErrorReply = Type.Object({
  status: Type.Literal('error'),
  code: Type.Enum(errorCodeNames, { title: 'ErrorCode' }),
  message: Type.String(),
  parameter: Type.Optional(Type.String({ description: 'The field of the request that is off.' })),
  retry_after: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Seconds to wait before another try; absent where none would help.' }),
  ),
  request_id: Type.Optional(RequestId),
});

export type ErrorReply = Static<typeof ErrorReply>;

function mapOperations<T>(make: (name: OperationName) => T): Record<OperationName, T> {
  return Object.fromEntries(operationNames.map((name) => [name, make(name)])) as Record<OperationName, T>;
}
