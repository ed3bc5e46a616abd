import { canonicalParameters, type Parameters } from '../contract/parameters.ts';
import { identifyResult, type ResultIdentity, resultText } from '../contract/result-key.ts';
import type { Logger } from '../log.ts';
import type { ResultStore, StoredResult } from './store/store.ts';
import { pipelineVersion } from './version.ts';

/** Results that the nodes of a cluster share through their store, each usually computed once. */
export interface SharedResults {
  /** Undefined if there is none or it is damaged. Its images may have been deleted. */
  find(imageId: string, parameters: Parameters, signal?: AbortSignal): Promise<StoredResult | undefined>;
  /** Stores a result in the background, unless too many bytes are pending. */
  publish(imageId: string, parameters: Parameters, result: StoredResult): void;
}

const maxPendingBytes = 33_554_432;
const publishTimeoutMs = 30_000;

/** @param store undefined if nodes share no results */
export function createSharedResults(store: ResultStore | undefined, log: Logger): SharedResults | undefined {
  if (store === undefined) return undefined;
  let pendingBytes = 0;
  const identify = (imageId: string, parameters: Parameters): ResultIdentity =>
    identifyResult(resultText(imageId, canonicalParameters(parameters), pipelineVersion));

  return {
    find: (imageId, parameters, signal) => store.read(identify(imageId, parameters), signal),
    publish(imageId, parameters, result) {
      const { length } = result.bytes;
      if (pendingBytes + length > maxPendingBytes) return;
      pendingBytes += length;
      store
        .write(identify(imageId, parameters), result, AbortSignal.timeout(publishTimeoutMs))
        .catch((error) => log.warn({ err: error }, 'result cannot be shared'))
        .finally(() => {
          pendingBytes -= length;
        });
    },
  };
}
