import type { Config } from '../../config.ts';
import type { OperationName, OperationReply, RequestOf } from '../../contract/operations.ts';
import type { Variant } from '../../contract/variants.ts';
import type { Images } from '../images/images.ts';
import type { Sources } from '../sources.ts';
import type { Store } from '../store/store.ts';

export interface Outcome<N extends OperationName> {
  /** What the reply says beside its status, message and request id. */
  fields: Omit<OperationReply<N>, 'image_data'> | { variants: Variant[] };
  image?: Buffer;
  /** In place of it, those of a request with `variants`. */
  images?: Buffer[];
}

/**
 * What a worker does for one kind of request.
 * @param image the image that came with the request, decoded
 * @throws RequestError
 */
export type Operation<N extends OperationName> = (
  request: RequestOf<N>,
  image: Buffer | undefined,
) => Promise<Outcome<N>>;

/** What operations are made of. */
export interface OperationContext {
  config: Config;
  store: Store;
  sources: Sources;
  images: Images;
}
