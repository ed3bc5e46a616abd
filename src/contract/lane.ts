import { formatNames, outputFormatNames } from './formats.ts';
import {
  ImageId,
  type OperationName,
  type OperationReply,
  operations,
  type RequestOf,
  requestSchemas,
} from './operations.ts';
import { type Static, type TObject, type TProperties, Type } from './typebox.ts';

/** From the client's Accept header. */
export const AcceptedFormat = Type.Object(
  {
    format: Type.Enum(outputFormatNames),
    /** Above 0. */
    weight: Type.Number({ minimum: 0, maximum: 1 }),
    /** Not by a range such as `image/*`. */
    named: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type AcceptedFormat = Static<typeof AcceptedFormat>;

const commonFields = {
  /** When the caller stops waiting, in milliseconds since the epoch. */
  deadline: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Whether the reply ends with a frame that tells what the worker spent its time on. */
  report: Type.Optional(Type.Boolean()),
};

/** Between gateway and worker, or the ZeroMQ door of another node; refused from clients. They choose or restrict. */
const laneFields = {
  resize: {
    /** Choices for `format: auto`. */
    accept: Type.Optional(Type.Array(AcceptedFormat, { maxItems: outputFormatNames.length })),
    /** Of the second frame; default: raw bytes. */
    image_encoding: Type.Optional(Type.Literal('base64')),
    /** Other results of the stored image that were made lately: what decoding it gives may be worth keeping. */
    others: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Whether the reply tells the version of pipeline and codecs that made the result. */
    tell_version: Type.Optional(Type.Boolean()),
  },
  upload: {
    image_encoding: Type.Optional(Type.Literal('base64')),
    expected_id: Type.Optional(ImageId),
    /** What a grant allows. */
    max_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
    formats: Type.Optional(Type.Array(Type.Enum(formatNames))),
  },
  info: { image_encoding: Type.Optional(Type.Literal('base64')) },
  retrieve: {
    /** First and last byte as in the Range header; without `first`, the last `last` bytes. Never an error. */
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
    /** `deletions_cursor` of an earlier reply; '' for all deletions that a shared store remembers. */
    deletions_after: Type.Optional(Type.String({ maxLength: 1024 })),
  },
} as const satisfies Record<OperationName, Record<string, ReturnType<typeof Type.Optional>>>;

type LaneFields<N extends OperationName> = Static<TObject<(typeof laneFields)[N]>> &
  Static<TObject<typeof commonFields>>;

export type LaneRequest<N extends OperationName = OperationName> = { [M in N]: RequestOf<M> & LaneFields<M> }[N];

interface LaneReplyFields {
  /** Where a `range` starts. */
  retrieve: { offset?: number };
  /** Where `tell_version` asked for it. */
  resize: { version?: string };
  /** Ids of images, some perhaps again; where `deletions_after` asked for them. */
  ping: { deleted?: string[]; deletions_cursor?: string };
}

export type LaneReply<N extends OperationName> = OperationReply<N> &
  (N extends keyof LaneReplyFields ? LaneReplyFields[N] : unknown);

export const laneSchemas = schemasWith(commonFields);

/** Of requests that another gateway has passed on. */
export const forwardedSchemas = schemasWith({});

function schemasWith(common: TProperties): typeof requestSchemas {
  const schemas = (Object.keys(operations) as OperationName[]).map((name) => {
    const { properties } = requestSchemas[name] as unknown as TObject;
    const fields = { ...properties, ...common, ...laneFields[name] };
    return [name, Type.Object(fields, { additionalProperties: false })];
  });
  return Object.fromEntries(schemas);
}
