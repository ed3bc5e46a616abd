import { inspect, inspectPage } from './inspect.ts';
import { transform } from './transform.ts';
import { transformAll } from './transform-all.ts';

/** Arguments and results can be sent between processes. */
export const tasks = { inspect, inspectPage, transform, transformAll };

export type Tasks = typeof tasks;
