import { homedir } from 'node:os';
import { join } from 'node:path';

/** Keeps slow-to-make files between runs. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'imgwire-bench');
