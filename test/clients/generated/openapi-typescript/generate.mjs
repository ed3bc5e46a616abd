import { writeFile } from 'node:fs/promises';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import ts from 'typescript';

/** Without this, the type of a file is string. */
const blob = ts.factory.createTypeReferenceNode('Blob');
const types = await openapiTypeScript(new URL('../openapi.json', import.meta.url), {
  transform: ({ format }) => (format === 'binary' ? blob : undefined),
});
await writeFile('schema.d.ts', astToString(types));
