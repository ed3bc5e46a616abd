import { codecs } from '../codecs.ts';
import type { Step } from './step.ts';

/** Writes the result in its format. sharp leaves all metadata out unless it is told otherwise. */
export const encode = {
  parameters: ['format', 'quality'],
  apply: (image, job) => codecs[job.format](image, job),
} as const satisfies Step;
