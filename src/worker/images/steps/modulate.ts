import { normalizeAngle } from '../../../contract/geometry-parameters.ts';
import { filterCanvas } from '../filter.ts';
import type { Step } from './step.ts';

export const modulate = {
  parameters: ['brightness', 'saturation', 'hue'],
  run(canvas, { parameters: { brightness = 1, saturation = 1, hue = 0 } }) {
    if (brightness === 1 && saturation === 1 && normalizeAngle(hue) === 0) return canvas;
    return filterCanvas(canvas, (image) => image.modulate({ brightness, saturation, hue: normalizeAngle(hue) }));
  },
} as const satisfies Step;
