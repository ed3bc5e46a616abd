import { readFile, writeFile } from 'node:fs/promises';
import { readConfig } from '../src/config.ts';
import { createAsyncApiDocument } from '../src/contract/asyncapi.ts';
import { createOpenApiDocument } from '../src/gateway/http/openapi/document.ts';
import { generateTypes } from '../test/clients/openapi/generate.ts';
import { writeDocuments } from './tables.ts';

const file = (path: string) => new URL(path, import.meta.url);
const writeJson = (path: string, value: object) => writeFile(file(path), `${JSON.stringify(value, null, 2)}\n`);

const { version: serviceVersion } = JSON.parse(await readFile(file('../package.json'), 'utf8'));
const { maxUploadBytes } = readConfig({});
const openApi = await createOpenApiDocument(serviceVersion);
await writeJson('openapi.json', openApi);
await writeFile(file('../test/clients/openapi/schema.d.ts'), await generateTypes(openApi));
await writeJson('asyncapi.json', createAsyncApiDocument({ serviceVersion, maxUploadBytes }));
await writeDocuments();
