/**
 * Splits a message at its first empty frame into the reply's envelope and the request. A REQ client sends `["",
 * request]`, a correlating one `[request id, "", request]`. Without an empty frame, the envelope is empty: such clients
 * expect replies without delimiter.
 */
export function splitEnvelope(frames: Buffer[]): { envelope: Buffer[]; body: Buffer[] } {
  const delimiter = frames.findIndex((frame) => frame.length === 0);
  if (delimiter === -1) return { envelope: [], body: [] };
  return { envelope: frames.slice(0, delimiter + 1), body: frames.slice(delimiter + 1) };
}
