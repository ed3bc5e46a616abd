import type { Parameter } from './parameter.ts';
import { sides } from './size-parameters.ts';
import { Type } from './typebox.ts';

/** The picture that is laid over the result. */
export const watermarkParameters = {
  watermark: {
    schema: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    description:
      'image_id of a stored image to lay over the result. An image larger than the result is made to fit it.',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
  watermark_position: {
    schema: Type.Enum([...sides, 'tile'], { default: 'right bottom' }),
    description: 'Where the watermark lies; tile repeats it all over.',
    example: 'left top',
  },
  watermark_opacity: {
    schema: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
    description: 'How much of the watermark shows: 0 nothing, 1 all.',
    example: 0.5,
  },
  watermark_scale: {
    schema: Type.Number({ minimum: 0.01, maximum: 1 }),
    description:
      'The share of the width and height of the result that the watermark fills, its proportions kept. Default: its own size.',
    example: 0.25,
  },
} as const satisfies Record<string, Parameter>;
