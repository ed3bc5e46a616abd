import { maxVariants, operations, type RequestOf, replySchemas } from './operations.ts';
import { type Parameters, pickParameters } from './parameters.ts';
import { type Static, Type } from './typebox.ts';

const { format, media_type, width, height, size } = operations.resize.reply;

/** What is said of each image of many. */
export const Variant = Type.Object({ format, media_type, width, height, size }, { title: 'Variant' });

export type Variant = Static<typeof Variant>;

const { status, message, request_id } = replySchemas.resize.properties;

/** What `resize` answers to a request with `variants`: with transfer_encoding binary the images are the frames after it. */
export const VariantsReply = Type.Object({
  status,
  message,
  request_id,
  variants: Type.Array(Variant, { maxItems: maxVariants, description: 'The images, in the order of the request.' }),
  image_data: Type.Optional(Type.Array(Type.String(), { description: 'The images in base64, in the same order.' })),
});

/** The parameters of each image that is asked for: its own, and those that hold for all. */
export function parameterSets({ variants = [], ...shared }: RequestOf<'resize'>): Parameters[] {
  return variants.map((set) => ({ ...pickParameters(shared), ...set }));
}
