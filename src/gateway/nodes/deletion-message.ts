import { sha256Pattern } from '../../contract/sha256.ts';
import { Check, type Static, Type } from '../../contract/typebox.ts';

/** Message from a node to its peers: a heartbeat every second, and one per deletion. */
const DeletionMessage = Type.Object(
  {
    /** Identifies one run of the node. */
    boot: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    /** Number of deletions announced in this run, including this one. */
    sequence: Type.Integer({ minimum: 0 }),
    deleted: Type.Optional(Type.String({ pattern: sha256Pattern })),
  },
  { additionalProperties: false },
);

export type DeletionMessage = Static<typeof DeletionMessage>;

/** Per frame. */
export const maxMessageBytes = 1024;

/** @returns undefined for anything but a valid message */
export function parseDeletionMessage(frames: readonly Buffer[]): DeletionMessage | undefined {
  if (frames.length !== 1) return undefined;
  try {
    const message: unknown = JSON.parse(String(frames[0]));
    return Check(DeletionMessage, message) ? message : undefined;
  } catch {
    return undefined;
  }
}
