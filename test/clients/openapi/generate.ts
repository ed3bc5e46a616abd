import openapiTypeScript, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const blob = ts.factory.createTypeReferenceNode('Blob');

/**
 * The types of the API, as a client generates them. Files are Blobs; a generator that is not told so takes
 * them for strings.
 * @param document in OpenAPI
 * @returns a TypeScript module
 */
export async function generateTypes(document: object): Promise<string> {
  const nodes = await openapiTypeScript(JSON.stringify(document), {
    transform: ({ format }) => (format === 'binary' ? blob : undefined),
  });
  return astToString(nodes);
}
