import { createRequire } from 'node:module';

/** Version of the service: that of the package. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
