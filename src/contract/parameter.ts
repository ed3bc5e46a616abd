import type { TSchema } from './typebox.ts';

/** Definition of a transformation parameter, the source of its validation and documentation. */
export interface Parameter {
  /** Short name, in query strings and JSON alike. */
  alias?: string;
  schema: TSchema;
  description: string;
  example: string | number | boolean;
  /** Query string with the parameters that the example needs to have an effect. */
  exampleWith?: string;
  /** The parameter without which this one has no effect. */
  modifies?: 'trim' | 'watermark';
  /** The text is a list of numbers; JSON also accepts an array or a single number. */
  numbers?: true;
  /** Maps equivalent values to one, for the cache key; undefined for those without effect. */
  canonical?(value: never): string | number | boolean | undefined;
}
