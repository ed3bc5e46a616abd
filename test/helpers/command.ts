import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: { start: string } };

/** The flags that `npm start` gives to `node`. */
export const nodeFlags: readonly string[] = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** The built command. */
export const command = fileURLToPath(new URL('dist/main.js', root));
