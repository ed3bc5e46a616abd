import { type ParameterName, parameterRecords, type parameters } from './parameters.ts';
import { type TOptional, type TSchema, Type } from './typebox.ts';

type ParameterFields = {
  [N in ParameterName]: TOptional<(typeof parameters)[N]['schema']>;
};

const numberList = Type.Array(Type.Number(), { maxItems: 4 });

/** The transformation parameters as optional fields of a JSON request. */
export const parameterFields = Object.fromEntries(
  Object.entries(parameterRecords).map(([name, { schema, numbers, description, example }]) => {
    const jsonSchema: TSchema = numbers ? Type.Union([schema, numberList, Type.Number()]) : schema;
    return [name, Type.Optional({ ...jsonSchema, description, examples: [example] })];
  }),
) as unknown as ParameterFields;

export const maxVariants = 20;

export const Variants = Type.Array(Type.Object(parameterFields, { additionalProperties: false }), {
  minItems: 1,
  maxItems: maxVariants,
  description: `1 to ${maxVariants} sets of transformation parameters, one per image. Parameters beside variants apply to every set that does not override them.`,
});
