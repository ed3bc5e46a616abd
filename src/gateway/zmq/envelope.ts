/**
 * Splits a message at its first empty frame into the envelope, which the reply starts with, and the request.
 * A REQ client sends `["", request]`, a correlating one `[request id, "", request]`.
 * Without an empty frame both are empty: such a client expects the reply without a delimiter too.
 */
export function splitEnvelope(frames: Buffer[]): { envelope: Buffer[]; body: Buffer[] } {
  const delimiter = frames.findIndex((frame) => frame.length === 0);
  if (delimiter === -1) return { envelope: [], body: [] };
  return { envelope: frames.slice(0, delimiter + 1), body: frames.slice(delimiter + 1) };
}
