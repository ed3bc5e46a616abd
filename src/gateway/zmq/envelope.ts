/**
 * Splits a message into the frames that its reply has to begin with, and the request.
 * A REQ client sends `["", request]`, one with correlation `[request id, "", request]`.
 * Without an empty frame there is no telling where the request begins: then the body is empty,
 * and the reply goes out without one too, as such a client expects.
 */
export function splitEnvelope(frames: Buffer[]): { envelope: Buffer[]; body: Buffer[] } {
  const delimiter = frames.findIndex((frame) => frame.length === 0);
  if (delimiter === -1) return { envelope: [], body: [] };
  return { envelope: frames.slice(0, delimiter + 1), body: frames.slice(delimiter + 1) };
}
