import type { Config } from '../../config.ts';
import type { Logger } from '../../log.ts';
import { createFsStore } from './fs.ts';
import { createS3Store } from './s3/s3.ts';
import type { Store } from './store.ts';

/** @throws Error for an unusable folder or bucket */
export function openStore(config: Config, log: Logger): Promise<Store> {
  return config.store === 's3' ? createS3Store({ ...config, log }) : createFsStore({ ...config, log });
}
