import type { FastifySchemaCompiler } from 'fastify';
import { RequestError } from '../../../contract/errors.ts';
import { parseQuery } from '../../../contract/parse-query.ts';
import type { TObject, TSchema } from '../../../contract/typebox.ts';
import { memoizeByObject } from '../../memoize.ts';
import type { ParsedQuery } from './query-parser.ts';

/**
 * Compiles strict validators of query strings and path parameters, which convert text to the schema's types. Schemas of
 * other parts are documentation only.
 */
export const textValidatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'querystring' && httpPart !== 'params') return () => true;
  const { properties } = schema as TObject;
  const read = (given: ParsedQuery) => ({ value: Object.freeze(parseQuery(properties, given)) });
  const readQuery = httpPart === 'querystring' ? memoizeByObject(read) : read;
  return (given) => {
    try {
      return readQuery(given);
    } catch (error) {
      if (error instanceof RequestError) return { error };
      throw error;
    }
  };
};
