import { outputFormatNames } from './formats.ts';
import {
  ImageId,
  type OperationName,
  type OperationReply,
  operations,
  type RequestOf,
  requestSchemas,
} from './operations.ts';
import { type Static, type TObject, Type } from './typebox.ts';

/** An output format that a client takes, from its header Accept. */
export const AcceptedFormat = Type.Object(
  {
    format: Type.Enum(outputFormatNames),
    /** From above 0 to 1. */
    weight: Type.Number({ minimum: 0, maximum: 1 }),
    /** Whether the client names the format itself, rather than a range such as `image/*`. */
    named: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type AcceptedFormat = Static<typeof AcceptedFormat>;

/** What only the gateway may say to a worker, beside the fields of a request: the doors refuse these. */
const laneFields = {
  resize: {
    /** With `format: auto`: what the worker chooses from. */
    accept: Type.Optional(Type.Array(AcceptedFormat, { maxItems: outputFormatNames.length })),
    /** How the second frame holds the image; raw bytes where it is missing. */
    image_encoding: Type.Optional(Type.Literal('base64')),
  },
  upload: {
    image_encoding: Type.Optional(Type.Literal('base64')),
    /** The id that the image has to have. */
    expected_id: Type.Optional(ImageId),
  },
  info: { image_encoding: Type.Optional(Type.Literal('base64')) },
  retrieve: {
    /** First and last byte as in the header Range: without `first`, the last `last` bytes. Never an error; the reply has `offset`. */
    range: Type.Optional(
      Type.Object(
        { first: Type.Optional(Type.Integer({ minimum: 0 })), last: Type.Optional(Type.Integer({ minimum: 0 })) },
        { additionalProperties: false },
      ),
    ),
  },
  list: {},
  delete: {},
  ping: {},
} as const satisfies Record<OperationName, Record<string, ReturnType<typeof Type.Optional>>>;

type LaneFields<N extends OperationName> = Static<TObject<(typeof laneFields)[N]>>;

/** A request as a worker gets it. */
export type LaneRequest<N extends OperationName = OperationName> = { [M in N]: RequestOf<M> & LaneFields<M> }[N];

/** What operation N answers; a `range` is answered with the `offset` of its first byte. */
export type LaneReply<N extends OperationName> = OperationReply<N> &
  (N extends 'retrieve' ? { offset?: number } : unknown);

export const laneSchemas = Object.fromEntries(
  (Object.keys(operations) as OperationName[]).map((name) => [
    name,
    Type.Object(
      { ...(requestSchemas[name] as unknown as TObject).properties, ...laneFields[name] },
      { additionalProperties: false },
    ),
  ]),
) as unknown as typeof requestSchemas;
