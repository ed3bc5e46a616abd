import type { TSchema } from './typebox.ts';

/** A transformation parameter: its validation and documentation derive from this record. */
export interface Parameter {
  alias?: string;
  schema: TSchema;
  description: string;
  example: string | number | boolean;
  /** Query string without which the example has no effect. */
  exampleWith?: string;
  /** Parameter without which this one has no effect. */
  modifies?: 'trim' | 'watermark';
  /** A list of numbers as text, for which JSON also accepts an array or a single number. */
  numbers?: true;
  /** Maps equivalent values to one, for the cache key; undefined if the value has no effect. */
  canonical?(value: never): string | number | boolean | undefined;
}
