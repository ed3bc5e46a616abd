import { outputFormatNames } from './formats.ts';
import { replySchemas } from './message-schemas.ts';
import { maxVariants } from './parameter-fields.ts';
import { parameterNames, parameterRecords } from './parameters.ts';
import { type TObject, type TSchema, Type } from './typebox.ts';

/** Schemas for OpenAPI and AsyncAPI only; those in message-schemas.ts validate. */

const OutputFormat = Type.Enum(outputFormatNames, { title: 'OutputFormat' });

/** Without `format: auto`, which needs the Accept header of HTTP. */
const parameterProperties: Record<string, TSchema> = Object.fromEntries(
  parameterNames.map((name) => {
    const { schema, description } = parameterRecords[name];
    return [name, Type.Optional({ ...(name === 'format' ? OutputFormat : schema), description })];
  }),
);

const Transformation = Type.Object(parameterProperties, {
  title: 'Transformation',
  additionalProperties: false,
});

/** The same parameters without descriptions, which `Transformation` has. */
export const sharedParameters: Record<string, TSchema> = Object.fromEntries(
  Object.entries(parameterProperties).map(([name, schema]) => [
    name,
    Type.Optional({ ...schema, description: undefined }),
  ]),
);

export const Transformations = Type.Array(Transformation, {
  minItems: 1,
  maxItems: maxVariants,
  description:
    'One set of parameters per image. Parameters beside variants apply to every set that does not override them.',
});

export const UploadedImage = titled('UploadedImage', replySchemas.upload);
export const ImageInfo = titled('ImageInfo', replySchemas.info);
export const ImagePage = titled('ImagePage', replySchemas.list);

function titled<T extends TObject>(title: string, schema: T): T {
  return { ...schema, title };
}
