import { readFileSync } from 'node:fs';
import { variables } from '../src/config.ts';
import { formats, outputFormatNames } from '../src/contract/formats.ts';
import { parameterNames, parameterRecords } from '../src/contract/parameters.ts';
import { expected } from '../src/contract/validate.ts';
import { codecSettings } from '../src/worker/images/codecs.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;

function parametersTable(): string {
  const rows = parameterNames.map((name) => {
    const { alias, schema, description, example, exampleWith } = parameterRecords[name];
    const { default: initial } = schema as { default?: unknown };
    const title = alias === undefined ? `\`${name}\`` : `\`${name}\` (\`${alias}\`)`;
    const text = encodeURIComponent(String(example)).replaceAll('%2C', ',');
    const query = `\`${exampleWith === undefined ? '' : `${exampleWith}&`}${name}=${text}\``;
    return row(title, expected(schema), initial === undefined ? '' : `\`${initial}\``, query, description);
  });
  return [
    row('parameter (alias)', 'takes', 'default', 'example', 'meaning'),
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
      effort === undefined ? '' : `${effort.initial} of ${effort.least} to ${effort.most}`,
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
  const rows = variables.map(({ name, initial, description }) => row(`\`${name}\``, initial, description));
  return [row('variable', 'default', 'meaning'), '| --- | --- | --- |', ...rows].join('\n');
}

/** What the last whole run of the bench wrote, without its heading. */
function speedTable(): string {
  const results = readFileSync(new URL('../test/bench/RESULTS.md', import.meta.url), 'utf8');
  return results.slice(results.indexOf('\n')).trim();
}

/** The README with its generated tables brought up to date: each stands between two comments. */
export function withTables(readme: string): string {
  const replace = (text: string, name: string, table: string) => {
    const section = new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end of ${name} -->)`);
    if (!section.test(text)) throw new Error(`Expected a section for ${name} in the README`);
    return text.replace(section, (_, open: string, close: string) => `${open}\n${table}\n\n${close}`);
  };
  const tables = {
    parameters: parametersTable(),
    formats: formatsTable(),
    configuration: configurationTable(),
    speed: speedTable(),
  };
  return Object.entries(tables).reduce((text, [name, table]) => replace(text, name, table), readme);
}
