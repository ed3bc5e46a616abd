import type { ParameterName } from '../../contract/parameters.ts';
import { type Canvas, openCanvas } from './canvas.ts';
import type { Job } from './job.ts';
import { blur } from './steps/blur.ts';
import { crop } from './steps/crop.ts';
import { flatten } from './steps/flatten.ts';
import { grayscale } from './steps/grayscale.ts';
import { median } from './steps/median.ts';
import { modulate } from './steps/modulate.ts';
import { negate } from './steps/negate.ts';
import { normalize } from './steps/normalize.ts';
import { pad } from './steps/pad.ts';
import { resize } from './steps/resize.ts';
import { sharpen } from './steps/sharpen.ts';
import type { Step } from './steps/step.ts';
import { threshold } from './steps/threshold.ts';
import { tint } from './steps/tint.ts';
import { trim } from './steps/trim.ts';
import { turn } from './steps/turn.ts';
import { upright } from './steps/upright.ts';
import { watermark } from './steps/watermark.ts';

/** Everything that happens to the pixels of an image, in the order in which it happens. */
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
  flatten,
  pad,
  watermark,
] as const satisfies readonly Step[];

/** What is applied before the steps, as the job is made and the image opened, and after them, by the encoder. */
const elsewhere = [
  'preset',
  'dpr',
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

// The build stops here, and names it, when the contract has a parameter that no step applies.
null as Forgotten | null satisfies null;

/** Sets up the work on an image, and does the part of it that later parts depend on. */
export async function runSteps(job: Job): Promise<Canvas> {
  let canvas = openCanvas(job);
  for (const step of steps as readonly Step[]) canvas = await step.apply(canvas, job);
  return canvas;
}
