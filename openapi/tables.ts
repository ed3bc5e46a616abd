import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { variables } from '../src/config.ts';
import { expected } from '../src/contract/error-text.ts';
import { formats, outputFormatNames } from '../src/contract/formats.ts';
import { parameterNames, parameterRecords } from '../src/contract/parameters.ts';
import { codecSettings } from '../src/worker/images/codecs.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;

function parametersTable(): string {
  const rows = parameterNames.map((name) => {
    const { alias, schema, description, example, exampleWith } = parameterRecords[name];
    const { default: defaultValue } = schema as { default?: unknown };
    const title = alias === undefined ? `\`${name}\`` : `\`${name}\` (\`${alias}\`)`;
    const text = encodeURIComponent(String(example)).replaceAll('%2C', ',');
    const query = `\`${exampleWith === undefined ? '' : `${exampleWith}&`}${name}=${text}\``;
    return row(title, expected(schema), defaultValue === undefined ? '' : `\`${defaultValue}\``, query, description);
  });
  return [
    row('parameter (alias)', 'value', 'default', 'example', 'meaning'),
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function formatsTable(): string {
  const rows = outputFormatNames.map((name) => {
    const { quality, effort } = codecSettings[name];
    const { alpha, animation, maxDimension } = formats[name];
    return row(
      `\`${name}\``,
      quality === undefined ? 'lossless' : String(quality),
      effort === undefined ? '' : `${effort.default} of ${effort.min} to ${effort.max}`,
      alpha ? 'yes' : 'no',
      animation ? 'yes' : 'no',
      String(maxDimension),
    );
  });
  return [
    row('format', 'quality', 'effort', 'transparency', 'animation', 'longest side'),
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function configurationTable(): string {
  const rows = variables.map(({ name, defaultText, description }) => row(`\`${name}\``, defaultText, description));
  return [row('variable', 'default', 'meaning'), '| --- | --- | --- |', ...rows].join('\n');
}

/** Results of the last full benchmark run, without their heading. */
function speedTable(): string {
  const results = readFileSync(new URL('../test/bench/RESULTS.md', import.meta.url), 'utf8');
  return results.slice(results.indexOf('\n')).trim();
}

/** The generated tables of each document. */
const tables = {
  'docs/parameters.md': { parameters: parametersTable, formats: formatsTable },
  'docs/configuration.md': { configuration: configurationTable },
  'docs/speed.md': { speed: speedTable },
};

/** The documents with generated tables: their current text, and the text with up-to-date tables. */
export async function documents(): Promise<{ url: URL; text: string; upToDate: string }[]> {
  return Promise.all(
    Object.entries(tables).map(async ([path, ofDocument]) => {
      const url = new URL(`../${path}`, import.meta.url);
      const text = await readFile(url, 'utf8');
      const upToDate = Object.entries(ofDocument).reduce((all, [name, make]) => withTable(all, name, make()), text);
      return { url, text, upToDate };
    }),
  );
}

/** Regenerates the tables of all documents. */
export async function writeDocuments(): Promise<void> {
  for (const { url, upToDate } of await documents()) await writeFile(url, upToDate);
}

/**
 * Replaces the table between `<!-- name: … -->` and `<!-- end of name -->`.
 * @throws Error if the text has no such section
 */
function withTable(text: string, name: string, table: string): string {
  const section = new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end of ${name} -->)`);
  if (!section.test(text)) throw new Error(`Expected a section for ${name}`);
  return text.replace(section, (_, open: string, close: string) => `${open}\n${table}\n\n${close}`);
}
