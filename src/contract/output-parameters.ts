import { outputFormatNames } from './formats.ts';
import type { Parameter } from './parameter.ts';
import { Type } from './typebox.ts';

export const outputParameters = {
  format: {
    alias: 'f',
    schema: Type.Enum([...outputFormatNames, 'auto'], { title: 'OutputFormatOrAuto' }),
    description:
      "Format of the result. Default: that of the source, or png for svg. auto (HTTP only) negotiates AVIF or WebP by the Accept header, if the format can hold the image's animation, and falls back to the default.",
    example: 'webp',
  },
  quality: {
    alias: 'q',
    schema: Type.Integer({ minimum: 1, maximum: 100 }),
    description: 'Encoder quality. No effect on gif; below 100, png is reduced to a palette.',
    example: 75,
  },
  lossless: {
    schema: Type.Boolean({ default: false }),
    description: 'Lossless compression for webp, avif and tiff. png and gif always are lossless, jpeg never is.',
    example: true,
    exampleWith: 'format=webp',
  },
  progressive: {
    schema: Type.Boolean({ default: false }),
    description: 'Progressive jpeg, or interlaced png or gif.',
    example: true,
  },
  effort: {
    schema: Type.Integer({ minimum: 0, maximum: 10 }),
    description:
      'Encoder effort: higher is slower and makes smaller files. Mapped to the range of the codec; the table of formats has ranges and defaults.',
    example: 6,
    exampleWith: 'format=webp',
  },
  max_bytes: {
    schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    description:
      'Maximum size of the result in bytes: picks the highest quality that fits, at most quality if given. A png is reduced to a palette if needed, a gif to a smaller one.',
    example: 2000,
  },
  animated: {
    schema: Type.Boolean({ default: true }),
    description: 'Keeps an animation, if the format of the result supports it (gif and webp).',
    example: false,
  },
  page: {
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    description: 'Single frame of an animation, or page of a tiff, to use, counted from 0.',
    example: 0,
  },
  metadata: {
    schema: Type.Enum(['strip', 'copyright', 'keep'], { title: 'Metadata', default: 'strip' }),
    description:
      'Metadata to keep, if the format of the result supports it: none, the EXIF tags Artist and Copyright, or all EXIF and XMP data, GPS position included.',
    example: 'copyright',
  },
  preset: {
    schema: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    description: 'Named set of parameters from the configuration; explicit parameters override it.',
    example: 'thumbnail',
  },
} as const satisfies Record<string, Parameter>;
