import { sharedParameters, Transformations } from '../../../contract/documented-schemas.ts';
import { invalidValue, unknownField } from '../../../contract/field-errors.ts';
import { ImageId } from '../../../contract/fields.ts';
import type { RequestOf } from '../../../contract/operations.ts';
import { Variants } from '../../../contract/parameter-fields.ts';
import { aliases, type Parameters, pickParameters } from '../../../contract/parameters.ts';
import { Type } from '../../../contract/typebox.ts';
import { checkRequest } from '../../../contract/validate.ts';
import { parameterSets, Variant } from '../../../contract/variants.ts';
import type { Route } from '../door.ts';
import { jsonBody } from '../openapi/request-bodies.ts';
import { jsonResponse, problemResponses } from '../openapi/responses.ts';
import { readJson } from '../request/json-body.ts';
import { imageParams, signedQuery } from '../request/schemas.ts';

const VariantsRequest = Type.Object(
  { ...sharedParameters, variants: Transformations },
  { title: 'VariantsRequest', additionalProperties: false },
);

const MadeVariant = Type.Object(
  {
    url: Type.String({ description: 'Public URL of the image, or its path if none is configured.' }),
    ...Variant.properties,
  },
  { title: 'Variant' },
);

const MadeVariants = Type.Object(
  { image_id: ImageId, variants: Type.Array(MadeVariant, { description: 'In the order of the request.' }) },
  { title: 'VariantsReply' },
);

export const makeVariants: Route = (app, door) => {
  const { base } = door.config.publicUrl;
  app.post(
    '/images/:image_id/variants',
    {
      config: { operation: 'resize' },
      schema: {
        operationId: 'makeVariants',
        summary: 'Prepare several variants of an image',
        description:
          'Creates a variant for each set of parameters, caches them, and returns their URLs and sizes, as srcset needs them. Parameters outside of variants apply to every set that does not override them.',
        params: imageParams,
        querystring: signedQuery,
        body: jsonBody('The sets of parameters.', VariantsRequest, {
          format: 'webp',
          variants: [{ width: 320 }],
        }),
        response: {
          200: jsonResponse('The variants were created.', MadeVariants),
          ...problemResponses('not_found', 'too_large', 'unsupported_format', 'unprocessable_image'),
        },
      },
    },
    async (request, reply) => {
      const { image_id } = request.params;
      const body = await readJson(request, reply, door);
      const sets = parameterSets(checkBody(image_id, body));
      door.access.checkTransformations(request.context.permission, sets);
      const laneRequest = { operation: 'resize', image_id, variants: sets } as const;
      const { fields } = await door.service.perform<'resize'>(laneRequest, request.context);
      const made = (fields as unknown as { variants: Variant[] }).variants;
      const variants = made.map((variant, index) => ({
        url: base + variantPath(image_id, sets[index] ?? {}),
        ...variant,
      }));
      return reply.send({ image_id, variants });
    },
  );
};

/**
 * Validates the body as a resize request, so that both doors report the same errors.
 * @throws RequestError `invalid_request`
 */
function checkBody(imageId: string, body: object): RequestOf<'resize'> {
  for (const field of Object.keys(body)) {
    if (!Object.hasOwn(VariantsRequest.properties, field) && !aliases.has(field)) {
      throw unknownField(field, Object.keys(VariantsRequest.properties));
    }
  }
  if (!Object.hasOwn(body, 'variants')) throw invalidValue('variants', Variants, undefined);
  return checkRequest({ ...body, operation: 'resize', image_id: imageId }) as RequestOf<'resize'>;
}

/**
 * Keeps values equal to a default, which may override a preset. Adds a parameter if there is none, as the URL would
 * otherwise be that of the original.
 */
function variantPath(imageId: string, set: Parameters): string {
  const given = Object.entries(pickParameters(set));
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return `/images/${imageId}?${query || 'fit=cover'}`;
}
