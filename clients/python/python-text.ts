/** Converts JSON Schema to Python source, formatted as ruff would format it. */

type Json = Record<string, unknown>;

export interface Field {
  name: string;
  type: string;
  required: boolean;
  description: string | undefined;
}

const lineWidth = 120;

export const header = (docstring: string) =>
  `"""${docstring}\n\nGenerated from the contract of the service by generate.ts.\n"""\n`;

export const pascalCase = (name: string) =>
  name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Collects enumerations as named `Literal` types, each defined once. */
export class Literals {
  readonly #names = new Map<string, string>();

  /** Returns the type of a property. An enumeration is named after the first property that has it. */
  typeOf(property: string, schema: Json): string {
    if (!Array.isArray(schema.enum)) return typeOf(schema);
    const values = JSON.stringify(schema.enum);
    const name = this.#names.get(values) ?? pascalCase(property);
    this.#names.set(values, name);
    return name;
  }

  toString(): string {
    return [...this.#names]
      .map(([values, name]) => wrapped(`${name}: TypeAlias = Literal`, JSON.parse(values)))
      .join('\n');
  }
}

function wrapped(start: string, values: readonly string[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  const line = `${start}[${quoted.join(', ')}]`;
  return line.length <= lineWidth ? line : `${start}[\n${quoted.map((value) => `    ${value},\n`).join('')}]`;
}

const scalars: Record<string, string> = { string: 'str', integer: 'int', number: 'float', boolean: 'bool' };

function typeOf(schema: Json): string {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'array') return `Sequence[${typeOf(schema.items as Json)}]`;
  const type = scalars[String(schema.type)];
  if (type === undefined)
    throw new TypeError(`Expected a schema that has a Python type but received ${JSON.stringify(schema)}`);
  return type;
}

export function typedDict(name: string, docstring: string, fields: readonly Field[]): string {
  const body = fields.map(
    ({ name, type, description }) => `\n    ${name}: ${type}\n${docstringOf(description, '    ')}`,
  );
  return `\n\nclass ${name}(TypedDict, total=False):\n    """${docstring}"""\n${body.join('')}`;
}

export function dataclass(name: string, docstring: string, fields: readonly Field[]): string {
  const body = [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)].map(
    ({ name, type, required, description }) =>
      `\n    ${name}: ${type}${required ? '' : ' | None = None'}\n${docstringOf(description, '    ')}`,
  );
  return `\n\n@dataclass(frozen=True, slots=True)\nclass ${name}:\n    """${docstring}"""\n${body.join('')}`;
}

function docstringOf(text: string | undefined, indent: string): string {
  if (text === undefined) return '';
  const width = lineWidth - indent.length;
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    const longer = line === '' ? word : `${line} ${word}`;
    // Reserves space for the quotes: three at either end.
    if (longer.length + (lines.length === 1 ? 6 : 3) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const end = lines.length === 1 ? '"""' : `\n${indent}"""`;
  return `${indent}"""${lines.join(`\n${indent}`)}${end}\n`;
}
