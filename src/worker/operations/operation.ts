import type { Config } from '../../config.ts';
import type { LaneReply, LaneRequest } from '../../contract/lane.ts';
import type { OperationName } from '../../contract/operations.ts';
import type { Variant } from '../../contract/variants.ts';
import type { Images } from '../images/images.ts';
import type { Levels } from '../levels/levels.ts';
import type { SharedResults } from '../shared-results.ts';
import type { SourceCache } from '../source-cache.ts';
import type { Stages } from '../stages.ts';
import type { Store } from '../store/store.ts';

export interface OperationResult<N extends OperationName> {
  /** All but status, message and request id. */
  fields: Omit<LaneReply<N>, 'image_data'> | { variants: Variant[] };
  image?: Buffer;
  /** Instead of `image`, for `variants`. */
  images?: Buffer[];
}

/**
 * @param image bytes sent with the request, base64 already decoded
 * @param signal for the store; aborted shortly before the deadline
 * @throws RequestError
 */
export type Operation<N extends OperationName> = (
  request: LaneRequest<N>,
  image: Buffer | undefined,
  stages: Stages,
  signal: AbortSignal | undefined,
) => Promise<OperationResult<N>>;

export interface OperationContext {
  config: Config;
  store: Store;
  sources: SourceCache;
  images: Images;
  levels: Levels;
  /** Undefined if nodes share no results. */
  results: SharedResults | undefined;
}
