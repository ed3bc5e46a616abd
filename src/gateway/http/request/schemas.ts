import { ImageId } from '../../../contract/fields.ts';
import { type Parameters, parameterNames, parameterRecords } from '../../../contract/parameters.ts';
import { grantParameter, signatureParameters } from '../../../contract/signing.ts';
import { type TSchema, Type } from '../../../contract/typebox.ts';

/** Examples that work on any server. */
const documentedExamples: Partial<Record<string, unknown>> = { width: 72, format: 'webp' };

const parameterProperties: Record<string, TSchema> = Object.fromEntries(
  parameterNames.flatMap((name) => {
    const { alias, schema, description } = parameterRecords[name];
    const example = documentedExamples[name];
    const property = Type.Optional({ ...schema, description, ...(example !== undefined && { examples: [example] }) });
    if (alias === undefined) return [[name, property]];
    const { default: _, ...short } = schema as TSchema & { default?: unknown };
    return [
      [name, property],
      [alias, Type.Optional({ ...short, description: `Short for ${name}.` })],
    ];
  }),
);

// Excludes path separators, and control characters, which are also invalid in headers.
const download = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: '^[^\\x00-\\x1f\\x7f/\\\\]+$',
    description: 'Makes browsers save the image under this name instead of showing it.',
    examples: ['photo.jpg'],
  }),
);

const closed = { additionalProperties: false };

type Signed = { signature?: string; expires?: number };

export const transformationQuery = Type.Unsafe<Parameters & Signed>(
  Type.Object({ ...parameterProperties, ...signatureParameters }, closed),
);

export const imageQuery = Type.Unsafe<Parameters & Signed & { download?: string }>(
  Type.Object({ ...parameterProperties, download, ...signatureParameters }, closed),
);

export const noQuery = Type.Object({}, closed);

export const signedQuery = Type.Object(signatureParameters, closed);

export const uploadQuery = Type.Object({ grant: grantParameter }, closed);

const requestId = {
  'X-Request-Id': Type.Optional(
    Type.String({
      description: 'Returned and logged; one that is not 1 to 128 printable ASCII characters is replaced.',
    }),
  ),
};

export const commonHeaders = Type.Object(requestId);

const noneMatch = 'ETags that the client has, or *: if one is current, 304 for GET and HEAD, else 412.';

const conditions = {
  ...requestId,
  'If-Match': Type.Optional(
    Type.String({ description: 'ETags, or *: 412 unless one is current. Conditions with a date are ignored.' }),
  ),
  'If-None-Match': Type.Optional(Type.String({ description: noneMatch })),
};

export const conditionHeaders = Type.Object(conditions);

export const imageRequestHeaders = Type.Object({
  ...conditions,
  Range: Type.Optional(
    Type.String({
      description: 'A single byte range of the original image.',
      examples: ['bytes=0-1023'],
    }),
  ),
  'If-Range': Type.Optional(Type.String({ description: 'An ETag: Range applies only if it is current.' })),
});

export const imageParams = Type.Object({ image_id: ImageId });
