import { type TSchema, Type } from '../../../contract/typebox.ts';
import { imageFieldName } from '../request/form.ts';

export const binary = Type.String({ format: 'binary' });

export const rawBody = {
  description: 'The bytes of one image.',
  content: { 'application/octet-stream': { schema: binary } },
};

/** Documents the form only; generated clients PUT raw bytes instead. */
export const imageForm = {
  description: `The image as the file in the field ${imageFieldName}; other fields are ignored.`,
  content: {
    'multipart/form-data': {
      schema: Type.Object(
        { [imageFieldName]: Type.String({ format: 'binary', description: 'The file.' }) },
        { title: 'ImageForm' },
      ),
    },
  },
};

export function jsonBody(description: string, schema: TSchema, example: unknown) {
  return { description, content: { 'application/json': { schema: { ...schema, examples: [example] } } } };
}
