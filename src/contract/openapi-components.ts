import { mapValues } from './map-values.ts';
import { aliases } from './parameters.ts';
import { type Schema, toDocumentSchema } from './to-document-schema.ts';

type Json = Record<string, unknown>;
type Named = Record<string, Json>;

interface Media {
  schema: Schema;
}

interface Operation {
  parameters?: (Json & { name: string; in: string; schema: Schema })[];
  requestBody?: Json & { content: Record<string, Media> };
  responses: Record<string, Json & { headers?: Named; content?: Record<string, Media> }>;
  [field: string]: unknown;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema>; securitySchemes?: object };
  [field: string]: unknown;
}

/**
 * Moves shared parameters, headers, responses and titled schemas to `components`. Drops parameter aliases: generated
 * clients need only one name.
 * @throws Error for two different components with the same name
 */
export function extractComponents(document: object): object {
  const { paths, components, ...rest } = structuredClone(document) as Document;
  const schemas: Record<string, Schema> = {};
  const named = { parameters: {} as Named, headers: {} as Named, responses: {} as Named };
  const schemaOf = (schema: Schema) => toDocumentSchema(schema, schemas, '#/components/schemas/');
  for (const [name, schema] of Object.entries(components?.schemas ?? {})) schemaOf({ ...schema, title: name });

  function addComponent(kind: keyof typeof named, name: string, value: Json): Json {
    const existing = named[kind][name];
    if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(value)) {
      throw new Error(`Expected one of ${kind} with the name ${name} but received two`);
    }
    named[kind][name] = value;
    return { $ref: `#/components/${kind}/${name}` };
  }

  const contentOf = (content: Record<string, Media>) =>
    mapValues(content, (media) => ({ ...media, schema: schemaOf(media.schema) }));

  function responseOf(status: string, { headers = {}, content, ...response }: Operation['responses'][string]): Json {
    const headersOf = Object.entries(headers).map(([name, header]) => {
      const value = { ...header, schema: schemaOf(header.schema as Schema) };
      return [name, addComponent('headers', name.replaceAll('-', ''), value)];
    });
    const value = {
      ...response,
      headers: Object.fromEntries(headersOf),
      ...(content && { content: contentOf(content) }),
    };
    return Number(status) < 400 ? value : addComponent('responses', `Error${status}`, value);
  }

  const operationOf = ({ parameters = [], requestBody, responses, ...operation }: Operation): Json => ({
    ...operation,
    parameters: parameters
      .filter((parameter) => parameter.in !== 'query' || !aliases.has(parameter.name))
      .map((parameter) => {
        // openapi-generator loses a parameter's type if its $ref has siblings.
        const { 'x-default': defaultValue, ...schema } = schemaOf(parameter.schema);
        const value = { ...parameter, schema, ...(defaultValue !== undefined && { 'x-default': defaultValue }) };
        return addComponent('parameters', pascalCase(parameter.name), value);
      }),
    ...(requestBody && { requestBody: { ...requestBody, content: contentOf(requestBody.content) } }),
    responses: Object.fromEntries(Object.entries(responses).map(([status, one]) => [status, responseOf(status, one)])),
  });

  const operations = mapValues(paths, (methods) => mapValues(methods, operationOf));
  return {
    ...rest,
    paths: operations,
    components: { ...named, schemas, securitySchemes: components?.securitySchemes },
  };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[_-])([a-z])/gi, (_, letter: string) => letter.toUpperCase());
}
