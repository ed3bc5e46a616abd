import type { Parameters } from '../../../contract/parameters.ts';
import type { Step } from './step.ts';

/** Scales to width and height, and cuts or adds what `fit` asks for. */
export const resize = {
  parameters: ['width', 'height', 'fit', 'position', 'enlarge', 'background'],
  apply(image, { parameters, background }) {
    const { width, height, fit = 'cover', position = 'center', enlarge = true } = parameters;
    if (width === undefined && height === undefined) return image;
    return image.resize({
      ...(width === undefined ? {} : { width }),
      ...(height === undefined ? {} : { height }),
      fit,
      position: position === 'center' ? 'centre' : position,
      withoutEnlargement: !enlarge,
      background,
    });
  },
} as const satisfies Step;

/** Whether a position is found by looking at the pixels: with `cover` alone, and not in an animation. */
export function isStrategy(position: Parameters['position']): boolean {
  return position === 'entropy' || position === 'attention';
}
