import { normalizeAngle } from '../../../contract/geometry-parameters.ts';
import { apply, type Canvas, changePixels, split, withPixels } from '../canvas.ts';
import { type Size, turnedSize } from '../output-size.ts';
import { openPixels, type Pixels, pixelsOf } from '../pixels.ts';
import type { Step } from './step.ts';

/** Before resize: width and height are the turned image's. Corners stay transparent until after the effects. */
export const turn = {
  parameters: ['flip', 'flop', 'rotate'],
  async run(canvas, { parameters, background }) {
    const { flip = false, flop = false, rotate = 0 } = parameters;
    const angle = normalizeAngle(rotate);
    const isSlanted = angle % 90 !== 0;
    if (!flip && !flop && angle === 0) return canvas;
    const from = await apply(
      canvas.frames === 1 ? canvas : await split(canvas),
      'turn',
      (image) => {
        const mirrored = image.flip(flip).flop(flop);
        return angle === 0 || isSlanted ? mirrored : mirrored.rotate(angle);
      },
      isSlanted ? canvas.size : turnedSize(parameters, canvas.size),
    );
    if (!isSlanted) return from;
    const slanted = await changePixels(from, (pixels) => slant(pixels, angle), 'each');
    const hasMask = from.hasAlpha && background.alpha > 0;
    return { ...slanted, turned: { mask: hasMask ? await maskOf(from, angle) : undefined } };
  },
} as const satisfies Step;

function slant(pixels: Pixels, angle: number): Promise<Pixels> {
  return pixelsOf(openPixels(pixels).rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } }));
}

async function maskOf(canvas: Canvas, angle: number): Promise<Canvas> {
  return withPixels({ ...canvas, frames: 1 }, [await slant(white(canvas.size), angle)]);
}

function white({ width, height }: Size): Pixels {
  return { data: new Uint8Array(width * height * 3).fill(255), width, height, channels: 3 };
}
