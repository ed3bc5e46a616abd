import type { ParameterName } from '../../contract/parameters.ts';
import { type Canvas, compute, openCanvas } from './canvas.ts';
import type { Plan } from './plan.ts';
import { autoOrient } from './steps/auto-orient.ts';
import { blur } from './steps/blur.ts';
import { crop } from './steps/crop.ts';
import { extend } from './steps/extend.ts';
import { fillCorners } from './steps/fill-corners.ts';
import { flatten } from './steps/flatten.ts';
import { grayscale } from './steps/grayscale.ts';
import { median } from './steps/median.ts';
import { modulate } from './steps/modulate.ts';
import { negate } from './steps/negate.ts';
import { normalize } from './steps/normalize.ts';
import { resize } from './steps/resize.ts';
import { rotate } from './steps/rotate.ts';
import { sharpen } from './steps/sharpen.ts';
import type { Step } from './steps/step.ts';
import { threshold } from './steps/threshold.ts';
import { tint } from './steps/tint.ts';
import { trim } from './steps/trim.ts';
import { watermark } from './steps/watermark.ts';

/** Effects apply to the image only: bars, padding and corners are filled with the background after them. */
const steps = [
  autoOrient,
  crop,
  trim,
  rotate,
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
  fillCorners,
  flatten,
  extend,
  watermark,
] as const satisfies readonly Step[];

/** Parameters that the plan or the encoder applies. */
const appliedElsewhere = [
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

type Applied = (typeof steps)[number]['parameters'][number] | (typeof appliedElsewhere)[number];
type Unapplied = Exclude<ParameterName, Applied>;

// Does not compile if nothing applies a parameter; the error names it.
null as Unapplied | null satisfies null;

/** Runs all steps, and computes the pixels where the encoder would be imprecise: hidden colours and 16 bits. */
export async function runSteps(plan: Plan): Promise<Canvas> {
  let canvas = openCanvas(plan);
  for (const step of steps as readonly Step[]) {
    const next = step.run(canvas, plan);
    // Most steps have nothing to do; awaiting each would cost a microtask.
    canvas = next instanceof Promise ? await next : next;
  }
  return canvas.hasAlpha || canvas.isInputDeep ? compute(canvas) : canvas;
}
