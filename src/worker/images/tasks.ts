import { inspect } from './inspect.ts';
import { transform } from './transform.ts';

/** All work on images. What goes in and out can be sent to another process. */
export const tasks = { inspect, transform };

export type Tasks = typeof tasks;
