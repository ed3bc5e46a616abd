import { readFile, writeFile } from 'node:fs/promises';
import { generateTypes } from './generate.js';

const document = JSON.parse(await readFile(new URL('../../../openapi/openapi.json', import.meta.url), 'utf8'));
await writeFile(new URL('schema.d.ts', import.meta.url), await generateTypes(document));
