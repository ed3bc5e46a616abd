import { accessSettings } from './access-settings.ts';
import { cacheSettings } from './cache-settings.ts';
import { doorSettings } from './door-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { nodeSettings } from './node-settings.ts';
import { serviceSettings } from './service-settings.ts';
import { storeSettings } from './store-settings.ts';

/**
 * All settings, in the order of the documentation: `maxUploadBytes` is read from `IMGWIRE_MAX_UPLOAD_BYTES`, and so on.
 * `expected` describes a pattern in error messages, `defaultText` a default in `--help`.
 */
export const settings = {
  ...doorSettings,
  ...accessSettings,
  ...nodeSettings,
  ...storeSettings,
  ...limitSettings,
  ...cacheSettings,
  ...serviceSettings,
};
