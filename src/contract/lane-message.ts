import { type LaneRequest, laneSchemas } from './lane.ts';
import { type Message, parseJson, parseMessage } from './messages.ts';
import { createRequestCheck } from './validate.ts';

const checkLaneRequest = createRequestCheck(laneSchemas);

/**
 * Parses a request that may have lane-only fields. A module of its own: the gateway never compiles these schemas.
 * @throws RequestError `invalid_request`, `invalid_operation`
 */
export function parseLaneMessage(frames: readonly Buffer[]): Message<LaneRequest> {
  return parseMessage(frames, checkLaneRequest, parseJson);
}
