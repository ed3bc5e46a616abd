import type { ParameterName } from '../../contract/parameters.ts';
import { type Canvas, compute, openCanvas } from './canvas.ts';
import type { Job } from './job.ts';
import { blur } from './steps/blur.ts';
import { corners } from './steps/corners.ts';
import { crop } from './steps/crop.ts';
import { extend } from './steps/extend.ts';
import { flatten } from './steps/flatten.ts';
import { grayscale } from './steps/grayscale.ts';
import { median } from './steps/median.ts';
import { modulate } from './steps/modulate.ts';
import { negate } from './steps/negate.ts';
import { normalize } from './steps/normalize.ts';
import { resize } from './steps/resize.ts';
import { sharpen } from './steps/sharpen.ts';
import type { Step } from './steps/step.ts';
import { threshold } from './steps/threshold.ts';
import { tint } from './steps/tint.ts';
import { trim } from './steps/trim.ts';
import { turn } from './steps/turn.ts';
import { upright } from './steps/upright.ts';
import { watermark } from './steps/watermark.ts';

/** Effects see the image alone: bars, padding and corners get their background after them. */
const steps = [
  upright,
  crop,
  trim,
  turn,
  resize,
  grayscale,
  median,
  threshold,
  blur,
  modulate,
  sharpen,
  normalize,
  tint,
  negate,
  corners,
  flatten,
  extend,
  watermark,
] as const satisfies readonly Step[];

/** Applied by the job or the encoder. */
const elsewhere = [
  'preset',
  'page',
  'animated',
  'format',
  'quality',
  'lossless',
  'progressive',
  'effort',
  'max_bytes',
  'metadata',
] as const satisfies readonly ParameterName[];

type Applied = (typeof steps)[number]['parameters'][number] | (typeof elsewhere)[number];
type Forgotten = Exclude<ParameterName, Applied>;

// Fails to compile, naming a parameter that nothing applies.
null as Forgotten | null satisfies null;

/** Computes what the encoder would handle imprecisely: hidden colours and 16 bits. */
export async function runSteps(job: Job): Promise<Canvas> {
  let canvas = openCanvas(job);
  for (const step of steps as readonly Step[]) {
    const next = step.run(canvas, job);
    // Most have nothing to do: no turn of the microtasks for each.
    canvas = next instanceof Promise ? await next : next;
  }
  return canvas.hasAlpha || canvas.isFromDeep ? compute(canvas) : canvas;
}
