import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { variables } from '../../src/config.ts';
import { errorCodes } from '../../src/contract/errors.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** Cells of the table between two marker comments of a document. */
function tableOf(document: string, name: string): string[][] {
  const text = read(document);
  const table = text.slice(text.indexOf(`<!-- ${name}: `), text.indexOf(`<!-- end of ${name} -->`));
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

interface LogCall {
  level: string;
  message: string;
}

/** Every log call in the source. Messages must be literals at the call or constants in the same file. */
function logCalls(): LogCall[] {
  const folder = fileURLToPath(new URL('src/', root));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  return files.flatMap((path) => {
    const source = read(`src/${path}`);
    assert.doesNotMatch(source, /\blog\[/, `src/${path}: a computed level cannot be checked here`);
    const calls = [...source.matchAll(/\blog\.(debug|info|warn|error|fatal)\(/g)];
    return calls.flatMap(({ 0: call, 1: level = '', index }) => {
      const last = lastArgument(source, index + call.length);
      const messages = literals(/^\w+$/.test(last) ? constant(source, last) : last);
      assert.ok(messages.length > 0, `src/${path}: no message in ${call}${last})`);
      return messages.map((message) => ({ level, message }));
    });
  });
}

/** @param start right behind the opening parenthesis */
function lastArgument(source: string, start: number): string {
  let depth = 1;
  let from = start;
  for (const { 0: token, index = 0 } of source.slice(start).matchAll(/'[^'\n]*'|`[^`]*`|[()[\]{},]/g)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    else if (token === ',' && depth === 1 && source.slice(start + index + 1).match(/^\s*\)/) === null)
      from = start + index + 1;
    if (depth === 0)
      return source
        .slice(from, start + index)
        .replace(/,\s*$/, '')
        .trim();
  }
  throw new Error(`Expected the end of a call but received ${source.slice(start, start + 80)}`);
}

const constant = (source: string, name: string) => new RegExp(`const ${name} = ([^;]*);`).exec(source)?.[1] ?? '';

const literals = (text: string) =>
  [...text.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(([, plain, template]) =>
    (plain ?? String(template)).replace(/\$\{[^}]*\}/g, '…'),
  );

test('the table of log lines lists exactly the messages in the source', () => {
  const lines = (calls: LogCall[]) => [...new Set(calls.map(({ level, message }) => `${level} ${message}`))].sort();
  const table = tableOf('docs/operations.md', 'log lines');
  for (const [, , advice] of table) assert.ok(advice);
  const documented = table.map(([level = '', message = '']) => ({ level, message: message.replaceAll('`', '') }));
  assert.deepEqual(lines(documented), lines(logCalls()));
});

test('the table of error codes lists every code with its status', () => {
  const table = tableOf('docs/operations.md', 'error codes').map(([code = '', status]) => [
    code.replaceAll('`', ''),
    Number(status),
  ]);
  assert.deepEqual(
    table,
    Object.entries(errorCodes).map(([code, { status }]) => [code, status]),
  );
});

test('the documents justify each runtime dependency', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const table = tableOf('docs/development.md', 'dependencies');
  for (const [, reason] of table) assert.ok(reason);
  assert.deepEqual(table.map(([name = '']) => name.replaceAll('`', '')).sort(), Object.keys(dependencies).sort());
});

test('the documents name only existing settings', () => {
  // IMGWIRE_WRITE_DOCS belongs to a test.
  const known = new Set([...variables.map(({ name }) => name), 'IMGWIRE_WRITE_DOCS']);
  const documents = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
  for (const path of ['README.md', 'docker-compose.yml', 'Dockerfile', ...documents.map((name) => `docs/${name}`)]) {
    for (const [name] of read(path).matchAll(/\bIMGWIRE_[A-Z_]+\b/g)) assert.ok(known.has(name), `${path}: ${name}`);
  }
});
