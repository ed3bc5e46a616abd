import type { TSchema } from './typebox.ts';

/** Source of a parameter's validation and documentation. */
export interface Parameter {
  alias?: string;
  schema: TSchema;
  description: string;
  example: string | number | boolean;
  /** Query string that makes the example effective. */
  exampleWith?: string;
  /** Parameter without which this one has no effect. */
  modifies?: 'trim' | 'watermark';
  /** A number list: JSON also accepts an array or a number. */
  numbers?: true;
  /** Maps equivalent values to one, for the cache key; undefined: no effect. */
  canonical?(value: never): string | number | boolean | undefined;
}
