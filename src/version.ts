import { createRequire } from 'node:module';

/** Version of the service, from package.json. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
