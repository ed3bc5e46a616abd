import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import { createFsStore } from './fs.ts';
import { createS3Store } from './s3/s3.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  config: Config;
  log: Logger;
  /** Opens for a worker in place of one that has served. */
  isReplacement: boolean;
}

/** @throws Error for an unusable folder or bucket, unless for a replacement */
export function openStore({ config, log, isReplacement }: StoreOptions): Promise<Store> {
  const options = { ...config, log, isReplacement };
  return config.store === 's3' ? createS3Store(options) : createFsStore(options);
}
