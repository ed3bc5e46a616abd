import type { Parameter } from './parameter.ts';
import { sha256Pattern } from './sha256.ts';
import { sides } from './size-parameters.ts';
import { Type } from './typebox.ts';

export const watermarkParameters = {
  watermark: {
    schema: Type.String({ pattern: sha256Pattern }),
    description:
      'image_id of a stored image to overlay on the result. If larger than the result, it is scaled down to fit.',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
  watermark_position: {
    schema: Type.Enum([...sides, 'tile'], { title: 'WatermarkPosition', default: 'right bottom' }),
    description: 'Position of the watermark; tile repeats it across the whole result.',
    example: 'left top',
    modifies: 'watermark',
  },
  watermark_opacity: {
    schema: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
    description: 'Opacity of the watermark, from 0 (invisible) to 1 (opaque).',
    example: 0.5,
    modifies: 'watermark',
  },
  watermark_scale: {
    schema: Type.Number({ minimum: 0.01, maximum: 1 }),
    description:
      'Scales the watermark to fit within this fraction of the width and height of the result, keeping its aspect ratio. Default: its own size.',
    example: 0.25,
    modifies: 'watermark',
  },
} as const satisfies Record<string, Parameter>;
