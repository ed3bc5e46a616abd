import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import { createFsStore } from './fs.ts';
import { createS3Store } from './s3/s3.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  config: Config;
  log: Logger;
  /** Whether the worker replaces one that has served. */
  isReplacement: boolean;
}

/**
 * Opens the configured store.
 * @throws Error for an unusable folder or bucket, unless for a replacement
 */
export function openStore({ config, log, isReplacement }: StoreOptions): Promise<Store> {
  const options = { ...config, log, isReplacement };
  return config.store === 's3' ? createS3Store(options) : createFsStore(options);
}
