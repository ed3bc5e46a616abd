import {
  type commonFields,
  createdAt,
  format,
  height,
  ImageId,
  imageField,
  imageOrIdFields,
  imageReplyField,
  mediaType,
  pixels,
  size,
  width,
} from './fields.ts';
import { parameterFields, Variants } from './parameter-fields.ts';
import type { NeededRight } from './rights.ts';
import { grantParameter, signatureParameters } from './signing.ts';
import { type Static, type TObject, type TProperties, Type } from './typebox.ts';

export const defaultListLimit = 100;

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
    request: { ...imageField, grant: grantParameter },
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
    reply: { ...imageReplyField, format, media_type: mediaType, size },
  },
  resize: {
    summary: 'Transform an image',
    weight: 'heavy',
    right: 'read',
    input: 'image or id',
    returnsImage: true,
    message: 'Image resized successfully',
    request: { ...imageOrIdFields, ...parameterFields, variants: Type.Optional(Variants), ...signatureParameters },
    reply: {
      ...imageReplyField,
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
    request: { ...imageOrIdFields, ...signatureParameters },
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
  Static<TObject<typeof commonFields>>;
type ReplyOf<N extends OperationName> = Static<TObject<(typeof operations)[N]['reply']>>;

export type RequestOf<N extends OperationName = OperationName> = { [M in N]: Request<M> }[N];
/** In addition to `status`, `message` and `request_id`. */
export type OperationReply<N extends OperationName> = ReplyOf<N>;
