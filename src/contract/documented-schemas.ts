import { outputFormatNames } from './formats.ts';
import { maxVariants, replySchemas } from './operations.ts';
import { parameterNames, parameterRecords } from './parameters.ts';
import { type TObject, type TSchema, Type } from './typebox.ts';

/** For the documents; operations.ts has the schemas that validate. */

const OutputFormat = Type.Enum(outputFormatNames, { title: 'OutputFormat' });

/** `format: auto` needs the Accept header of HTTP. */
const parameterProperties: Record<string, TSchema> = Object.fromEntries(
  parameterNames.map((name) => {
    const { schema, description } = parameterRecords[name];
    return [name, Type.Optional({ ...(name === 'format' ? OutputFormat : schema), description })];
  }),
);

export const Transformation = Type.Object(parameterProperties, {
  title: 'Transformation',
  additionalProperties: false,
});

/** The same, described by `Transformation`. */
export const sharedParameters: Record<string, TSchema> = Object.fromEntries(
  Object.entries(parameterProperties).map(([name, schema]) => [
    name,
    Type.Optional({ ...schema, description: undefined }),
  ]),
);

export const Transformations = Type.Array(Transformation, {
  minItems: 1,
  maxItems: maxVariants,
  description: 'A set of parameters for each image; those beside it hold for every set that does not say otherwise.',
});

export const UploadedImage = titled('UploadedImage', replySchemas.upload);
export const ImageInfo = titled('ImageInfo', replySchemas.info);
export const ImagePage = titled('ImagePage', replySchemas.list);

export function titled<T extends TObject>(title: string, schema: T): T {
  return { ...schema, title };
}
