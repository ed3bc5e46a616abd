/** ZMTP limits routing ids to 255 octets (RFC 37); the request ids of correlating REQ sockets have 4. */
const maxRoutingIdBytes = 255;

/**
 * Splits a message at the first empty frame. REQ clients send `["", request]`, correlating ones
 * `[request id, "", request]`. A message without the delimiter has neither envelope nor body, nor has one with a frame
 * before it that is too long for a routing id: its reply would repeat an image outside of every limit.
 */
export function splitEnvelope(frames: Buffer[]): { envelope: Buffer[]; body: Buffer[] } {
  const delimiter = frames.findIndex(({ length }) => length === 0 || length > maxRoutingIdBytes);
  if (delimiter === -1 || frames[delimiter]?.length !== 0) return { envelope: [], body: [] };
  return { envelope: frames.slice(0, delimiter + 1), body: frames.slice(delimiter + 1) };
}
