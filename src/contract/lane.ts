import { ImageId } from './fields.ts';
import { formatNames, outputFormatNames } from './formats.ts';
import { requestSchemas } from './message-schemas.ts';
import { type OperationName, type OperationReply, operationNames, type RequestOf } from './operations.ts';
import { type Static, type TObject, type TProperties, Type } from './typebox.ts';

/** A format that the client's Accept header allows. */
export const AcceptedFormat = Type.Object(
  {
    format: Type.Enum(outputFormatNames),
    /** Above 0. */
    weight: Type.Number({ minimum: 0, maximum: 1 }),
    /** False if only a range such as `image/*` matched. */
    named: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type AcceptedFormat = Static<typeof AcceptedFormat>;

const commonLaneFields = {
  /** When the caller stops waiting, in milliseconds since the Unix epoch. */
  deadline: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Whether to append a frame with the worker's stage timings (`LaneReport`) to the reply. */
  report: Type.Optional(Type.Boolean()),
};

/**
 * Fields that a gateway sends to a worker or to the ZeroMQ door of another node, and that clients may not send. They
 * only select or restrict.
 */
const laneFields = {
  resize: {
    /** Candidates for `format: auto`. */
    accept: Type.Optional(Type.Array(AcceptedFormat, { maxItems: outputFormatNames.length })),
    /** Encoding of the second frame; default: raw bytes. */
    image_encoding: Type.Optional(Type.Literal('base64')),
    /** Number of other results recently made from the stored image: with enough, its decoded level is worth caching. */
    others: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Whether the reply includes the version of the pipeline and codecs that made the result. */
    tell_version: Type.Optional(Type.Boolean()),
  },
  upload: {
    image_encoding: Type.Optional(Type.Literal('base64')),
    expected_id: Type.Optional(ImageId),
    /** Limits of the upload grant. */
    max_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
    formats: Type.Optional(Type.Array(Type.Enum(formatNames))),
  },
  info: { image_encoding: Type.Optional(Type.Literal('base64')) },
  retrieve: {
    /** First and last byte as in a Range header; without `first`, the final `last` bytes. Clamped, never an error. */
    range: Type.Optional(
      Type.Object(
        { first: Type.Optional(Type.Integer({ minimum: 0 })), last: Type.Optional(Type.Integer({ minimum: 0 })) },
        { additionalProperties: false },
      ),
    ),
  },
  list: {},
  delete: {},
  ping: {
    /** `deletions_cursor` of an earlier reply; '' for all deletions on record in a shared store. */
    deletions_after: Type.Optional(Type.String({ maxLength: 1024 })),
  },
} as const satisfies Record<OperationName, Record<string, ReturnType<typeof Type.Optional>>>;

type LaneFields<N extends OperationName> = Static<TObject<(typeof laneFields)[N]>> &
  Static<TObject<typeof commonLaneFields>>;

export type LaneRequest<N extends OperationName = OperationName> = { [M in N]: RequestOf<M> & LaneFields<M> }[N];

interface LaneReplyFields {
  /** Start of the requested `range`. */
  retrieve: { offset?: number };
  /** If requested by `tell_version`. */
  resize: { version?: string };
  /** Ids of deleted images, possibly repeated; if requested by `deletions_after`. */
  ping: { deleted?: string[]; deletions_cursor?: string };
}

export type LaneReply<N extends OperationName> = OperationReply<N> &
  (N extends keyof LaneReplyFields ? LaneReplyFields[N] : unknown);

export const laneSchemas = schemasWith(commonLaneFields);

/** For requests forwarded by another gateway. */
export const forwardedSchemas = schemasWith({});

function schemasWith(common: TProperties): typeof requestSchemas {
  const schemas = operationNames.map((name) => {
    const { properties } = requestSchemas[name] as unknown as TObject;
    const fields = { ...properties, ...common, ...laneFields[name] };
    return [name, Type.Object(fields, { additionalProperties: false })];
  });
  return Object.fromEntries(schemas);
}
