import { defaultTrimThreshold } from '../../../contract/geometry-parameters.ts';
import { apply, compute } from '../canvas.ts';
import { checkTurned } from '../check-job.ts';
import type { Step } from './step.ts';

/** Cuts off edges of one colour. Computed at once: later steps need the size. */
export const trim = {
  parameters: ['trim'],
  async run(canvas, job) {
    const { trim = false } = job.parameters;
    const { width, height } = canvas.size;
    // libvips compares blocks of 3 x 3 pixels and fails without one.
    if (trim === false || width < 3 || height < 3) return canvas;
    // The threshold is for 8 bits, and sharp would trim before it turns upright.
    const isReady = canvas.isComputed || (!job.source.isDeep && job.source.orientation === 1);
    const from = isReady ? canvas : await compute(canvas);
    const threshold = trim === true ? defaultTrimThreshold : trim;
    const trimmed = await compute(await apply(from, 'trim', (image) => image.trim({ threshold })));
    checkTurned(job, trimmed.size);
    return trimmed;
  },
} as const satisfies Step;
