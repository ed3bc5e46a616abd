/**
 * Splits a message at the first empty frame. REQ clients send `["", request]`, correlating ones
 * `[request id, "", request]`. A message without the delimiter has neither envelope nor body.
 */
export function splitEnvelope(frames: Buffer[]): { envelope: Buffer[]; body: Buffer[] } {
  const delimiter = frames.findIndex((frame) => frame.length === 0);
  if (delimiter === -1) return { envelope: [], body: [] };
  return { envelope: frames.slice(0, delimiter + 1), body: frames.slice(delimiter + 1) };
}
