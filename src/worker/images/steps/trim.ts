import { defaultTrimThreshold } from '../../../contract/geometry-parameters.ts';
import { ask, compute } from '../canvas.ts';
import { checkTurned } from '../check-job.ts';
import type { Step } from './step.ts';

/** Cuts off edges of one colour. What is left is known only afterwards, so it is computed here. */
export const trim = {
  parameters: ['trim'],
  async apply(canvas, job) {
    const { trim = false } = job.parameters;
    const { width, height } = canvas.size;
    // libvips looks at squares of 3 x 3 pixels, and fails on an image that has none.
    if (trim === false || width < 3 || height < 3) return canvas;
    // Of 16 bits it would take a threshold of 8, and it would trim before it turns upright.
    const isReady = canvas.isComputed || (!job.source.isDeep && job.source.orientation === 1);
    const from = isReady ? canvas : await compute(canvas);
    const threshold = trim === true ? defaultTrimThreshold : trim;
    const trimmed = await compute(await ask(from, 'trim', (image) => image.trim({ threshold })));
    checkTurned(job, trimmed.size);
    return trimmed;
  },
} as const satisfies Step;
