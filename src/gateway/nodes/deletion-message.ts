import { sha256Pattern } from '../../contract/sha256.ts';
import { Check, type Static, Type } from '../../contract/typebox.ts';

/** What a node tells its peers: each second, and for each deletion. */
const DeletionMessage = Type.Object(
  {
    /** Made anew at each start. */
    boot: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    /** Deletions told since then, this one included. */
    sequence: Type.Integer({ minimum: 0 }),
    deleted: Type.Optional(Type.String({ pattern: sha256Pattern })),
  },
  { additionalProperties: false },
);

export type DeletionMessage = Static<typeof DeletionMessage>;

/** Of a frame. */
export const maxMessageBytes = 1024;

/** @returns undefined for anything else */
export function parseDeletionMessage(frames: readonly Buffer[]): DeletionMessage | undefined {
  if (frames.length !== 1) return undefined;
  try {
    const message: unknown = JSON.parse(String(frames[0]));
    return Check(DeletionMessage, message) ? message : undefined;
  } catch {
    return undefined;
  }
}
