import { outputFormatNames } from './formats.ts';
import type { Parameter } from './parameter.ts';
import { Type } from './typebox.ts';

/** How the result is written, and which frames and which metadata it has. */
export const outputParameters = {
  format: {
    alias: 'f',
    schema: Type.Enum([...outputFormatNames, 'auto']),
    description:
      "Format of the result. Default: that of the source, and png for one that cannot be written (svg). auto, over HTTP alone, takes AVIF or WebP where the header Accept names them and they can hold the image's animation, and the default else.",
    example: 'webp',
  },
  quality: {
    alias: 'q',
    schema: Type.Integer({ minimum: 1, maximum: 100 }),
    description:
      'Quality of the encoder; png and gif are lossless whatever it is, png with a palette where it is below 100.',
    example: 75,
  },
  lossless: {
    schema: Type.Boolean({ default: false }),
    description: 'Writes webp, avif and tiff without loss; png and gif are so anyway, and jpeg cannot be.',
    example: true,
    exampleWith: 'format=webp',
  },
  progressive: {
    schema: Type.Boolean({ default: false }),
    description: 'Whether a jpeg, png or gif comes in ever finer passes.',
    example: true,
  },
  effort: {
    schema: Type.Integer({ minimum: 0, maximum: 10 }),
    description:
      'Time that the encoder takes for a smaller file, mapped to what it offers: the table of formats says how, and what is the default.',
    example: 6,
    exampleWith: 'format=webp',
  },
  max_bytes: {
    schema: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    description:
      'Most bytes of the result: it has the best quality, up to quality where that is given, whose file fits; a png gets a palette where it has to, a gif a smaller one.',
    example: 5000,
  },
  animated: {
    schema: Type.Boolean({ default: true }),
    description: 'Whether an animation stays one, where the format of the result can be one (gif and webp).',
    example: false,
  },
  page: {
    schema: Type.Integer({ minimum: 0, maximum: 65_535 }),
    description: 'The one frame of an animation, or page of a tiff, to work on, from 0.',
    example: 0,
  },
  metadata: {
    schema: Type.Enum(['strip', 'copyright', 'keep'], { default: 'strip' }),
    description:
      'What is kept of what the file says of itself, where its new format has a place for it: nothing, who made and owns it (the EXIF tags Artist and Copyright), or all EXIF and XMP data, places included.',
    example: 'copyright',
  },
  preset: {
    schema: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    description: 'A named set of parameters from the configuration; those given beside it win.',
    example: 'thumbnail',
  },
} as const satisfies Record<string, Parameter>;
