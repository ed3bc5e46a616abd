import type { TSchema } from './typebox.ts';

/** One transformation parameter: all that the doors, the documents and the pipeline need to know of it. */
export interface Parameter {
  /** A short name for it, in query strings and JSON alike. */
  alias?: string;
  schema: TSchema;
  description: string;
  /** A value that shows its use. */
  example: string | number | boolean;
  /** Parameters that it needs beside it to show: a query string. */
  exampleWith?: string;
  /** Its text is one of numbers: JSON may hold it as a list of them as well, or as a single one. */
  numbers?: true;
  /** Brings values that mean the same to one; undefined for those that change nothing. */
  canonical?(value: never): string | number | boolean | undefined;
}
