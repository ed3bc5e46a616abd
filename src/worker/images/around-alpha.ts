import { askOfPixels, type Canvas, compute, openPixels, type Pixels, pixelsOf } from './canvas.ts';
import type { Action } from './order.ts';
import type { Sharp } from './sharp.ts';

/** Asks for something that sharp would not leave transparency alone in: that is put aside, and joined again after it. */
export async function askAroundAlpha(canvas: Canvas, action: Action, apply: (image: Sharp) => Sharp): Promise<Canvas> {
  if (!canvas.hasAlpha) return askOfPixels(canvas, action, apply);
  const from = await compute(canvas);
  const together = from.frames / from.images.length;
  const images: Sharp[] = [];
  for (const image of from.images) {
    const before = await pixelsOf(image);
    // Its last steps are what sharp does last: alpha is dropped where all else has been done.
    const after = await pixelsOf(apply(image).removeAlpha());
    images.push(openPixels(withAlphaOf(after, before), together));
  }
  return { ...from, images };
}

function withAlphaOf(colours: Pixels, { data: from, channels: every }: Pixels): Pixels {
  const { data, width, height, channels } = colours;
  const joined = Buffer.allocUnsafe(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      joined[pixel * 4 + colour] = data[pixel * channels + Math.min(colour, channels - 1)] as number;
    }
    joined[pixel * 4 + 3] = from[pixel * every + every - 1] as number;
  }
  return { data: joined, width, height, channels: 4 };
}
