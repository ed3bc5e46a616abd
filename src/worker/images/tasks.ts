import { inspect, inspectPage } from './inspect.ts';
import { transform } from './transform.ts';
import { transformAll } from './transform-all.ts';

/** All work on images. What goes in and out can be sent to another process. */
export const tasks = { inspect, inspectPage, transform, transformAll };

export type Tasks = typeof tasks;
