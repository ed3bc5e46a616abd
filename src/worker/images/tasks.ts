import { inspect, inspectPage } from './inspect.ts';
import { transform } from './transform.ts';
import { transformAll } from './transform-all.ts';

/** Tasks that can run in another process: their arguments and results can be serialized. */
export const tasks = { inspect, inspectPage, transform, transformAll };

export type Tasks = typeof tasks;
