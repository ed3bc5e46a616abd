import { received } from '../../contract/error-text.ts';
import { RequestError } from '../../contract/errors.ts';

/** The lane must not be reused; its job is retried on another. */
export class LaneLost extends Error {
  override readonly name = 'LaneLost';
}

export function notPermitted(message: unknown): RequestError {
  return new RequestError(
    'worker_lost',
    `Expected an upstream that permits this request but it refused: ${received(message)}`,
  );
}

export function routingLoop(maxHops: number): RequestError {
  return new RequestError(
    'worker_lost',
    `Expected at most ${maxHops} gateways on the way to a worker but passed more: IMGWIRE_UPSTREAMS forms a loop`,
  );
}

export function unexpectedReply(expected: string, actual: string): RequestError {
  return new RequestError('worker_lost', `Expected ${expected} from the upstream but received ${actual}`);
}

/** `invalid_operation`, as it is permanent: the upstream has no such operation. */
export function unsupported(what: string): RequestError {
  return new RequestError('invalid_operation', `Invalid operation here: the upstream cannot ${what}`);
}
