import { mapValues } from './map-values.ts';
import { textFormats } from './text-format.ts';

export interface Schema {
  [keyword: string]: unknown;
}

/**
 * Rewrites a schema for code generators: titled schemas become components, constants become enums, a union with one
 * string type is reduced to it, and `default` becomes `x-default`, since generated clients send defaults.
 * @param components collects the titled schemas
 * @param refs prefix of references, such as `#/components/schemas/`
 * @throws Error for two different schemas with the same title
 */
export function toDocumentSchema(schema: object, components: Record<string, Schema>, refs: string): Schema {
  const { title, ...plain } = schema as Schema;
  const rewritten = rewrite(plain);
  if (typeof title !== 'string') return rewritten;
  const { description, examples, 'x-default': defaultValue, ...type } = rewritten;
  const existing = components[title];
  const component = type.type === 'object' ? rewritten : type;
  if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(component)) {
    throw new Error(`Expected one schema with the title ${title} but received two`);
  }
  components[title] = component;
  const siblings = type.type === 'object' ? {} : { description, examples, 'x-default': defaultValue };
  return { $ref: `${refs}${title}`, ...omitUndefined(siblings) };

  function rewrite({
    anyOf,
    properties,
    items,
    const: constant,
    default: defaultValue,
    format,
    ...rest
  }: Schema): Schema {
    const strings = Array.isArray(anyOf) ? anyOf.filter(({ type }) => type === 'string') : [];
    if (strings.length === 1)
      return rewrite({ ...strings[0], properties, items: undefined, default: defaultValue, ...rest });
    const nested = (part: unknown) => toDocumentSchema(part as object, components, refs);
    const { pattern } = textFormats[format as keyof typeof textFormats] ?? {};
    const values = constant === undefined ? rest.enum : [constant];
    return omitUndefined({
      ...rest,
      ...(values !== undefined && { type: 'string', enum: values }),
      format: pattern === undefined ? format : undefined,
      pattern: pattern ?? rest.pattern,
      'x-default': defaultValue,
      anyOf: Array.isArray(anyOf) ? anyOf.map(nested) : undefined,
      items: items === undefined ? undefined : nested(items),
      properties: properties && mapValues(properties as Record<string, unknown>, nested),
    });
  }
}

function omitUndefined(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
