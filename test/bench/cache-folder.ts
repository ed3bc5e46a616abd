import { homedir } from 'node:os';
import { join } from 'node:path';

/** What takes long to make and is kept between runs. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'imgwire-bench');
