import { outputFormatNames } from './formats.ts';
import type { Parameter } from './parameter.ts';
import { Type } from './typebox.ts';

export const outputParameters = {
  format: {
    alias: 'f',
    schema: Type.Enum([...outputFormatNames, 'auto'], { title: 'OutputFormatOrAuto' }),
    description:
      "Format of the result. Default: that of the source, or png for svg. auto (HTTP only) picks AVIF or WebP according to the Accept header, if the format supports the image's animation, and otherwise the default.",
    example: 'webp',
  },
  quality: {
    alias: 'q',
    schema: Type.Integer({ minimum: 1, maximum: 100 }),
    description: 'Encoder quality. No effect on gif; a value below 100 reduces png to a palette.',
    example: 75,
  },
  lossless: {
    schema: Type.Boolean({ default: false }),
    description:
      'Lossless compression of webp, avif and tiff. png is always lossless, gif for up to 254 colours and no partial transparency, jpeg never.',
    example: true,
    exampleWith: 'format=webp',
  },
  progressive: {
    schema: Type.Boolean({ default: false }),
    description: 'Encodes a progressive jpeg or an interlaced png or gif.',
    example: true,
  },
  effort: {
    schema: Type.Integer({ minimum: 0, maximum: 10 }),
    description:
      'Encoder effort: higher values are slower and produce smaller files. Mapped to the range of the codec; see the table of formats for ranges and defaults.',
    example: 6,
    exampleWith: 'format=webp',
  },
  max_bytes: {
    schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    description:
      'Maximum size of the result in bytes: picks the highest quality that fits, up to quality if given. If needed, a png is reduced to a palette, and a gif to a smaller palette.',
    example: 2000,
  },
  animated: {
    schema: Type.Boolean({ default: true }),
    description: 'Whether to keep all frames of an animation, if the format of the result supports it (gif and webp).',
    example: false,
  },
  page: {
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    description: 'Frame of an animation or page of a tiff to use, counted from 0.',
    example: 0,
  },
  metadata: {
    schema: Type.Enum(['strip', 'copyright', 'keep'], { title: 'Metadata', default: 'strip' }),
    description:
      'Metadata to keep, if the format of the result supports it: none (strip), the EXIF tags Artist and Copyright (copyright), or all EXIF and XMP data including the GPS position (keep).',
    example: 'copyright',
  },
  preset: {
    schema: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    description: 'Name of a set of parameters in the configuration; explicit parameters override it.',
    example: 'thumbnail',
  },
} as const satisfies Record<string, Parameter>;
