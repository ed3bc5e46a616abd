import { applyToPixels, type Canvas, compute, openPixels, type Pixels, pixelsOf } from './canvas.ts';
import type { Action } from './order.ts';
import type { Sharp } from './sharp.ts';

/** Applies an operation to colour only; sharp would change alpha too. */
export async function applyToColour(
  canvas: Canvas,
  action: Action,
  operation: (image: Sharp) => Sharp,
): Promise<Canvas> {
  if (!canvas.hasAlpha) return applyToPixels(canvas, action, operation);
  const from = await compute(canvas);
  const together = from.frames / from.images.length;
  const images: Sharp[] = [];
  for (const image of from.images) {
    const before = await pixelsOf(image);
    // sharp drops alpha after all other operations.
    const after = await pixelsOf(operation(image).removeAlpha());
    images.push(openPixels(withAlphaOf(after, before), together));
  }
  return { ...from, images };
}

function withAlphaOf(colours: Pixels, { data: alpha, channels: stride }: Pixels): Pixels {
  const { data, width, height, channels } = colours;
  const joined = Buffer.allocUnsafe(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      joined[pixel * 4 + colour] = data[pixel * channels + Math.min(colour, channels - 1)] as number;
    }
    joined[pixel * 4 + 3] = alpha[pixel * stride + stride - 1] as number;
  }
  return { data: joined, width, height, channels: 4 };
}
