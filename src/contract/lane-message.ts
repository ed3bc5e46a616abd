import { type LaneRequest, laneSchemas } from './lane.ts';
import { type Message, parseJson, parseMessage } from './messages.ts';
import { createRequestCheck } from './validate.ts';

const checkLaneRequest = createRequestCheck(laneSchemas);

/**
 * Parses a request with lane-only fields. Separate, so that the gateway need not compile these schemas.
 * @throws RequestError `invalid_request`, `invalid_operation`
 */
export function parseLaneMessage(frames: readonly Buffer[]): Message<LaneRequest> {
  return parseMessage(frames, checkLaneRequest, parseJson);
}
