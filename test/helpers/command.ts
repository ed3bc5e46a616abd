import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** The flags that `bin/imgwire` passes to `node`. */
export const nodeFlags: readonly string[] = readFileSync(new URL('bin/imgwire', root), 'utf8').match(/--\S+/g) ?? [];

/** The built command. */
export const command = fileURLToPath(new URL('dist/main.js', root));
