import { normalizeAngle } from '../../../contract/geometry-parameters.ts';
import { apply, type Canvas, changePixels, split, withPixels } from '../canvas.ts';
import { rotatedSize, type Size } from '../output-size.ts';
import { openPixels, type Pixels, pixelsOf } from '../pixels.ts';
import type { Step } from './step.ts';

/**
 * Runs before resize: width and height are those of the rotated image. The corners that an angle other than a right one
 * leaves empty stay transparent until after the effects.
 */
export const rotate = {
  parameters: ['flip', 'flop', 'rotate'],
  async run(canvas, { parameters, background }) {
    const { flip = false, flop = false, rotate = 0 } = parameters;
    const angle = normalizeAngle(rotate);
    const isRightAngle = angle % 90 === 0;
    if (!flip && !flop && angle === 0) return canvas;
    const from = await apply(
      canvas.frames === 1 ? canvas : await split(canvas),
      'rotate',
      (image) => {
        const mirrored = image.flip(flip).flop(flop);
        return angle === 0 || !isRightAngle ? mirrored : mirrored.rotate(angle);
      },
      isRightAngle ? rotatedSize(parameters, canvas.size) : canvas.size,
    );
    if (isRightAngle) return from;
    const rotated = await changePixels(from, (pixels) => rotatePixels(pixels, angle), 'each');
    const needsMask = from.hasAlpha && background.alpha > 0;
    return { ...rotated, emptyCorners: { mask: needsMask ? await createMask(from, angle) : undefined } };
  },
} as const satisfies Step;

/** Rotates by any angle, with transparent corners. */
function rotatePixels(pixels: Pixels, angle: number): Promise<Pixels> {
  return pixelsOf(openPixels(pixels).rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } }));
}

async function createMask(canvas: Canvas, angle: number): Promise<Canvas> {
  return withPixels({ ...canvas, frames: 1 }, [await rotatePixels(white(canvas.size), angle)]);
}

function white({ width, height }: Size): Pixels {
  return { data: new Uint8Array(width * height * 3).fill(255), width, height, channels: 3 };
}
