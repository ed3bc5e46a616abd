import { readFile, writeFile } from 'node:fs/promises';
import { createOpenApiDocument } from '../src/gateway/http/document.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const document = await createOpenApiDocument(version);
await writeFile(new URL('openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
