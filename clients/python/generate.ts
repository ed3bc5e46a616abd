/** Generates the Python modules that derive from the contract: node --import tsx clients/python/generate.ts */

import { writeFile } from 'node:fs/promises';
import { contractModule, errorsModule } from './contract.ts';

const file = (name: string) => new URL(`src/imgwire/${name}`, import.meta.url);

await writeFile(file('contract.py'), contractModule());
await writeFile(file('errors.py'), errorsModule());
