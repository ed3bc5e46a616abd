import type { ParameterName } from '../../contract/parameters.ts';
import type { Job } from './job.ts';
import { type Sharp, sharp } from './sharp.ts';
import { encode } from './steps/encode.ts';
import { flatten } from './steps/flatten.ts';
import { resize } from './steps/resize.ts';
import { srgb } from './steps/srgb.ts';
import type { Step } from './steps/step.ts';
import { upright } from './steps/upright.ts';

/** Everything that happens to an image, in the order in which it is to be understood. */
const steps = [upright, resize, flatten, srgb, encode] as const satisfies readonly Step[];

type Applied = (typeof steps)[number]['parameters'][number];
type Forgotten = Exclude<ParameterName, Applied>;

// The build stops here, and names it, when the contract has a parameter that no step applies.
null as Forgotten | null satisfies null;

/** Sets up the work on an image; nothing is decoded yet. */
export function pipeline(job: Job): Sharp {
  // The pixels were counted when the header was read, and the sides of the result checked: sharp need not do so again.
  const { bytes, raw } = job.source;
  const image = sharp(bytes, { animated: job.frames > 1, limitInputPixels: false, ...(raw && { raw }) });
  return steps.reduce((made: Sharp, step: Step) => step.apply(made, job), image);
}
