import { textFormats } from './text-format.ts';

export interface Schema {
  [keyword: string]: unknown;
}

/**
 * Rewrites a schema for code generators: titled schemas become components; constants, enums; a list or its text, the
 * text; defaults, `x-default`, since generated clients send defaults.
 * @param components receives the titled schemas
 * @param refs such as `#/components/schemas/`
 * @throws Error for different schemas of one title
 */
export function toDocumentSchema(schema: object, components: Record<string, Schema>, refs: string): Schema {
  const { title, ...plain } = schema as Schema;
  const rewritten = rewrite(plain);
  if (typeof title !== 'string') return rewritten;
  const { description, examples, 'x-default': initial, ...type } = rewritten;
  const known = components[title];
  const component = type.type === 'object' ? rewritten : type;
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
    throw new Error(`Expected one schema with the title ${title} but received two`);
  }
  components[title] = component;
  const beside = type.type === 'object' ? {} : { description, examples, 'x-default': initial };
  return { $ref: `${refs}${title}`, ...defined(beside) };

  function rewrite({ anyOf, properties, items, const: only, default: initial, format, ...rest }: Schema): Schema {
    const texts = Array.isArray(anyOf) ? anyOf.filter(({ type }) => type === 'string') : [];
    if (texts.length === 1) return rewrite({ ...texts[0], properties, items: undefined, default: initial, ...rest });
    const nested = (part: unknown) => toDocumentSchema(part as object, components, refs);
    const { pattern } = textFormats[format as keyof typeof textFormats] ?? {};
    const values = only === undefined ? rest.enum : [only];
    return defined({
      ...rest,
      ...(values !== undefined && { type: 'string', enum: values }),
      format: pattern === undefined ? format : undefined,
      pattern: pattern ?? rest.pattern,
      'x-default': initial,
      anyOf: Array.isArray(anyOf) ? anyOf.map(nested) : undefined,
      items: items === undefined ? undefined : nested(items),
      properties: properties && mapValues(properties as Record<string, unknown>, nested),
    });
  }
}

function defined(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}

function mapValues(record: Record<string, unknown>, map: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
