// Makes the models of an AsyncAPI document in four languages. Arguments: the document, the folder.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , document, folder] = process.argv;
// Installed in the folder, not here.
const modelina = createRequire(join(folder, 'package.json'))('@asyncapi/modelina');
const { PYTHON_PYDANTIC_PRESET, JAVA_JACKSON_PRESET } = modelina;

const generators = {
  'python/models': [new modelina.PythonFileGenerator({ presets: [PYTHON_PYDANTIC_PRESET] }), { packageName: 'models' }],
  'java/src/main/java/imgwire': [
    new modelina.JavaFileGenerator({ collectionType: 'List', presets: [JAVA_JACKSON_PRESET] }),
    { packageName: 'imgwire' },
  ],
  go: [new modelina.GoFileGenerator(), { packageName: 'imgwire' }],
  typescript: [new modelina.TypeScriptFileGenerator({ modelType: 'interface', rawPropertyNames: true }), {}],
};

const input = JSON.parse(readFileSync(document, 'utf8'));
for (const [path, [generator, options]] of Object.entries(generators)) {
  const target = join(folder, path);
  mkdirSync(target, { recursive: true });
  await generator.generateToFiles(input, target, options, true);
}
