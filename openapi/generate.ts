import { readFile, writeFile } from 'node:fs/promises';
import { createOpenApiDocument } from '../src/gateway/http/document.ts';
import { withTables } from './tables.ts';

const file = (path: string) => new URL(path, import.meta.url);

const { version } = JSON.parse(await readFile(file('../package.json'), 'utf8'));
await writeFile(file('openapi.json'), `${JSON.stringify(await createOpenApiDocument(version), null, 2)}\n`);
await writeFile(file('../README.md'), withTables(await readFile(file('../README.md'), 'utf8')));
