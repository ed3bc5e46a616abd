import { replySchemas } from './message-schemas.ts';
import { operations, type RequestOf } from './operations.ts';
import { maxVariants } from './parameter-fields.ts';
import { type Parameters, pickParameters } from './parameters.ts';
import { type Static, Type } from './typebox.ts';

const { format, media_type, width, height, size } = operations.resize.reply;

export const Variant = Type.Object({ format, media_type, width, height, size }, { title: 'Variant' });

export type Variant = Static<typeof Variant>;

const { status, message, request_id } = replySchemas.resize.properties;

/** With transfer_encoding binary, the images follow as further frames. */
export const VariantsReply = Type.Object({
  status,
  message,
  request_id,
  variants: Type.Array(Variant, { maxItems: maxVariants, description: 'The images, in the order of the request.' }),
  image_data: Type.Optional(Type.Array(Type.String(), { description: 'The images as base64, in the same order.' })),
});

/** Merges the shared parameters into each set, which overrides them. */
export function parameterSets({ variants = [], ...shared }: RequestOf<'resize'>): Parameters[] {
  const sharedParameters = pickParameters(shared);
  return variants.map((set) => ({ ...sharedParameters, ...set }));
}
