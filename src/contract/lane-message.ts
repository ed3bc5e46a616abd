import { type LaneRequest, laneSchemas } from './lane.ts';
import { type Message, parseMessage } from './messages.ts';
import { createRequestCheck } from './validate.ts';

const checkLaneRequest = createRequestCheck(laneSchemas);

/**
 * Parses a request from the gateway, which may have the fields that only a lane takes.
 * A module of its own: the gateway need not compile the schemas.
 * @throws RequestError `invalid_request`, `invalid_operation`
 */
export function parseLaneMessage(frames: readonly Buffer[]): Message<LaneRequest> {
  return parseMessage(frames, checkLaneRequest);
}
