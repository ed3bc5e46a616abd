import { formatNames, mediaTypes } from './formats.ts';
import { sha256Pattern } from './sha256.ts';
import { Type } from './typebox.ts';

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

/** Fields of every request. */
export const commonFields = {
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

export const imageField = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image as base64 or as a data: URI. Alternatively, send its raw bytes in a second frame.',
    }),
  ),
};

export const imageOrIdFields = { image_id: Type.Optional(ImageId), ...imageField };

export const pixels = (description: string) => Type.Integer({ minimum: 1, description });
export const size = Type.Integer({ minimum: 0, description: 'Size of the whole image in bytes.' });
export const format = Type.Enum(formatNames, { title: 'ImageFormat' });
export const mediaType = Type.Enum(mediaTypes, { title: 'MediaType' });
export const width = pixels('Width in pixels, after applying the EXIF orientation.');
export const height = pixels('Height in pixels, after applying the EXIF orientation; of a single frame if animated.');
export const createdAt = Type.String({ format: 'date-time', description: 'When the image was stored.' });

export const imageReplyField = {
  image_data: Type.Optional(
    Type.String({
      description: 'The image as base64; absent with transfer_encoding binary, which puts it in the second frame.',
    }),
  ),
};
