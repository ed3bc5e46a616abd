import { inspect, inspectPage } from './inspect.ts';
import { transform } from './transform.ts';
import { transformAll } from './transform-all.ts';

/** All tasks on images; arguments and results can be sent to another process. */
export const tasks = { inspect, inspectPage, transform, transformAll };

export type Tasks = typeof tasks;
