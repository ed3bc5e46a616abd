import { errorCodeNames } from './errors.ts';
import { formatNames, mediaTypes } from './formats.ts';
import { type ParameterName, parameterRecords, type parameters } from './parameters.ts';
import type { NeededRight } from './rights.ts';
import { sha256Pattern } from './sha256.ts';
import { grantParameter, signatureParameters } from './signing.ts';
import { type Static, type TObject, type TOptional, type TProperties, type TSchema, Type } from './typebox.ts';

export const ImageId = Type.String({
  pattern: sha256Pattern,
  description: 'Id of the image: SHA-256 of the file in lowercase hex, as printed by sha256sum.',
  examples: ['b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640'],
});

const maxRequestIdLength = 128;

/** Low: a request caught in a loop of gateways holds one lane per hop, and must fail before the lanes run out. */
export const maxHops = 4;

/** Safe in headers and log lines. */
export const RequestId = Type.String({
  minLength: 1,
  maxLength: maxRequestIdLength,
  pattern: '^[\\x20-\\x7e]+$',
  description: `Id to correlate the request with its reply and its log lines: 1 to ${maxRequestIdLength} printable ASCII characters.`,
});

const common = {
  request_id: Type.Optional(RequestId),
  timeout_ms: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_600_000,
      description: "Timeout of the request in milliseconds, capped at the server's own limit.",
    }),
  ),
  transfer_encoding: Type.Optional(
    Type.Enum(['base64', 'binary'], {
      title: 'TransferEncoding',
      default: 'base64',
      description: 'How images are returned: as base64 in image_data, or as raw bytes in a second frame (binary).',
    }),
  ),
  hops: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: maxHops,
      description: `Number of gateways that have forwarded the request; at ${maxHops - 1} it is not forwarded any further. Set by gateways; clients omit it.`,
    }),
  ),
  traceparent: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
      description: 'Trace context of the caller, as in the traceparent header of W3C Trace Context.',
      examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    }),
  ),
  tracestate: Type.Optional(
    Type.String({
      maxLength: 512,
      description:
        'Vendor-specific data that accompanies traceparent, as in the tracestate header of W3C Trace Context.',
    }),
  ),
};

const image = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image as base64 or as a data: URI. Alternatively, send its raw bytes in a second frame.',
    }),
  ),
};

const imageOrId = { image_id: Type.Optional(ImageId), ...image };

const pixels = (description: string) => Type.Integer({ minimum: 1, description });
const size = Type.Integer({ minimum: 0, description: 'Size of the whole image in bytes.' });
const format = Type.Enum(formatNames, { title: 'ImageFormat' });
const mediaType = Type.Enum(mediaTypes, { title: 'MediaType' });
const width = pixels('Width in pixels, after applying the EXIF orientation.');
const height = pixels('Height in pixels, after applying the EXIF orientation; of a single frame if animated.');
const createdAt = Type.String({ format: 'date-time', description: 'When the image was stored.' });

const imageReply = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image as base64; absent with transfer_encoding binary, which puts it in the second frame.',
    }),
  ),
};

type ParameterProperties = {
  [N in ParameterName]: TOptional<(typeof parameters)[N]['schema']>;
};

const numberList = Type.Array(Type.Number(), { maxItems: 4 });

const parameterProperties = Object.fromEntries(
  Object.entries(parameterRecords).map(([name, { schema, numbers, description, example }]) => {
    const jsonSchema: TSchema = numbers ? Type.Union([schema, numberList, Type.Number()]) : schema;
    return [name, Type.Optional({ ...jsonSchema, description, examples: [example] })];
  }),
) as unknown as ParameterProperties;

export const maxVariants = 20;

export const defaultListLimit = 100;

export const Variants = Type.Array(Type.Object(parameterProperties, { additionalProperties: false }), {
  minItems: 1,
  maxItems: maxVariants,
  description: `1 to ${maxVariants} sets of transformation parameters, one per image. Parameters beside variants apply to every set that does not override them.`,
});

/** `light` operations are I/O-bound, `heavy` ones CPU-bound; each class has lanes of its own. */
export type Weight = 'light' | 'heavy';

interface OperationRecord {
  summary: string;
  weight: Weight;
  right: NeededRight;
  /** `image or id`: an image, or the image_id of a stored one. */
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
        description: 'False if the image was already stored; best effort on S3 services without conditional writes.',
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
      offset: Type.Optional(
        Type.Integer({ minimum: 0, default: 0, description: 'Offset of the first byte to return.' }),
      ),
      length: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: 'Maximum number of bytes to return; 0 returns only the size and format. Default: up to the end.',
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
      width: pixels('Width in pixels.'),
      height: pixels('Height in pixels; of a single frame if animated.'),
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
        description: 'Number of frames of an animation or pages of a document; 1 for a still image.',
      }),
      orientation: Type.Integer({ minimum: 1, maximum: 8, description: 'EXIF orientation; 1 if there is none.' }),
      has_alpha: Type.Boolean(),
      color_space: Type.String({ description: 'Colour space of the file, such as srgb, cmyk or b-w (greyscale).' }),
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
        Type.Integer({
          minimum: 1,
          maximum: 1000,
          default: defaultListLimit,
          description: 'Maximum number of images to return.',
        }),
      ),
      order: Type.Optional(
        Type.Enum(['id', 'newest'], {
          title: 'Order',
          default: 'id',
          description: 'Sort order: by image_id, or by upload time, newest first.',
        }),
      ),
      cursor: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 256,
          description: 'next_cursor of the previous page, requested with the same order.',
        }),
      ),
    },
    reply: {
      images: Type.Array(Type.Object({ image_id: ImageId, size, created_at: createdAt }, { title: 'StoredImage' })),
      next_cursor: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last page.' })),
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
    summary: 'Check that a worker responds',
    weight: 'light',
    right: 'any',
    input: 'none',
    returnsImage: false,
    message: 'pong',
    request: {},
    reply: {
      version: Type.String({ description: 'Version of the service and of the codecs that determine its results.' }),
    },
  },
} as const satisfies Record<string, OperationRecord>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];

type Request<N extends OperationName> = { operation: N } & Static<TObject<(typeof operations)[N]['request']>> &
  Static<TObject<typeof common>>;
type ReplyOf<N extends OperationName> = Static<TObject<(typeof operations)[N]['reply']>>;

export type RequestOf<N extends OperationName = OperationName> = { [M in N]: Request<M> }[N];
/** In addition to `status`, `message` and `request_id`. */
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
  parameter: Type.Optional(Type.String({ description: 'Name of the request field at fault.' })),
  retry_after: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Seconds to wait before retrying; absent if a retry would not help.' }),
  ),
  request_id: Type.Optional(RequestId),
});

export type ErrorReply = Static<typeof ErrorReply>;

function mapOperations<T>(make: (name: OperationName) => T): Record<OperationName, T> {
  return Object.fromEntries(operationNames.map((name) => [name, make(name)])) as Record<OperationName, T>;
}
