export interface GeneratedClient {
  language: string;
  generator: string;
  /** Of `test/clients/generated`: a life-cycle program, and what pins its libraries. */
  folder: string;
  version: { file: string; after: string };
  /** Commands in a copy of the folder, beside openapi.json and the jar of openapi-generator. */
  generate: string[][];
  compile: string[][];
  /** Takes URL, PHOTO, OTHER, OTHER_ID and FOLDER. */
  run: string[];
  env?: Record<string, string>;
  /** Needs the jar. */
  jar?: true;
  /** What to know before using it, in Markdown. */
  option: string;
}

const root = new URL('../../../', import.meta.url).pathname;
const typeRoots = `${root}node_modules/@types`;
const tsx = import.meta.resolve('tsx');

const venv = [
  ['/usr/bin/python3', '-m', 'venv', 'venv'],
  ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
];
const npmInstall = ['npm', 'ci', '--loglevel=error'];
const typecheck = [[`${root}node_modules/.bin/tsc`, '-p', '.', '--typeRoots', typeRoots]];
const runTypeScript = [process.execPath, '--import', tsx, 'life-cycle.ts'];

export const openapiGenerator = 'org.openapitools:openapi-generator-cli:7.25.0';
const jarVersion = { file: 'clients.ts', after: 'openapi-generator-cli:' };

function generateWithJar(generator: string, properties: string, ...options: string[]): string[] {
  const jar = `../openapi-generator-cli-${openapiGenerator.split(':')[2]}.jar`;
  const withProperties = ['--additional-properties', properties, ...options];
  return ['java', '-jar', jar, 'generate', '-i', '../openapi.json', '-g', generator, ...withProperties];
}

const javaPackages = 'invokerPackage=imgwire,apiPackage=imgwire.api,modelPackage=imgwire.model';
const noTests = 'apiDocs=false,modelDocs=false,apiTests=false,modelTests=false';

function java(
  library: 'okhttp-gson' | 'native',
): Pick<GeneratedClient, 'version' | 'generate' | 'compile' | 'run' | 'jar'> {
  const properties = `useSingleRequestParameter=true,${javaPackages}`;
  const options = ['--library', library, '--global-property', noTests, '-o', '.'];
  const maven = ['mvn', '-q', '-B', '-Djava.version=17'];
  const exec = ['org.codehaus.mojo:exec-maven-plugin:3.5.0:java', '-Dexec.mainClass=LifeCycle'];
  return {
    version: jarVersion,
    jar: true,
    generate: [generateWithJar('java', properties, ...options)],
    compile: [[...maven, 'compile']],
    run: [...maven, ...exec, '-Dexec.args='],
  };
}

function go(generator: string, module: string, ...options: string[]) {
  return {
    language: 'Go',
    generator,
    folder: generator,
    version: { file: 'go.mod', after: `${module} v` },
    generate: [['go', 'tool', generator, ...options, '../openapi.json']],
    compile: [['go', 'build', '-o', 'life_cycle', '.']],
    run: ['./life_cycle'],
  };
}

const single = '`useSingleRequestParameter=true`, or getImage takes 50 arguments in a row';

export const clients: GeneratedClient[] = [
  {
    language: 'Python',
    generator: 'openapi-python-client',
    folder: 'openapi-python-client',
    version: { file: 'requirements.txt', after: 'openapi-python-client==' },
    generate: [
      ...venv,
      [
        ...['venv/bin/openapi-python-client', 'generate', '--path', '../openapi.json', '--config', 'config.yaml'],
        ...['--meta', 'none', '--output-path', 'imgwire_generated'],
      ],
    ],
    compile: [['venv/bin/python', '-m', 'compileall', '-q', 'imgwire_generated', 'life_cycle.py']],
    run: ['venv/bin/python', 'life_cycle.py'],
    option:
      '`content_type_overrides: {image/*: application/octet-stream}` in its configuration; without it, images come as `None`',
  },
  {
    language: 'Python',
    generator: 'openapi-generator python',
    folder: 'openapi-generator-python',
    version: jarVersion,
    jar: true,
    generate: [...venv, generateWithJar('python', 'packageName=imgwire_generated', '-o', 'api')],
    compile: [['venv/bin/python', '-m', 'compileall', '-q', 'api/imgwire_generated', 'life_cycle.py']],
    run: ['venv/bin/python', 'life_cycle.py'],
    env: { PYTHONPATH: 'api' },
    option: 'None needed',
  },
  {
    ...go('oapi-codegen', 'github.com/oapi-codegen/oapi-codegen/v2', '-config', 'config.yaml'),
    option: 'None needed; the body of a form is up to the caller, as `mime/multipart` writes it',
  },
  {
    ...go('ogen', 'github.com/ogen-go/ogen', '--target', 'api', '--package', 'api'),
    option: 'A `SecuritySource`, which skips the key where the server has none',
  },
  {
    language: 'TypeScript',
    generator: 'hey-api',
    folder: 'hey-api',
    version: { file: 'package.json', after: '"@hey-api/openapi-ts": "' },
    generate: [npmInstall, ['node_modules/.bin/openapi-ts', '-i', '../openapi.json', '-o', 'api', '--no-log-file']],
    compile: typecheck,
    run: runTypeScript,
    option: 'None needed',
  },
  {
    language: 'TypeScript',
    generator: 'openapi-typescript',
    folder: 'openapi-typescript',
    version: { file: 'package.json', after: '"openapi-typescript": "' },
    generate: [npmInstall, [process.execPath, 'generate.mjs']],
    compile: typecheck,
    run: runTypeScript,
    option:
      'Called by openapi-fetch, with a `bodySerializer` for each upload; [a transform](../test/clients/generated/openapi-typescript/generate.mjs) makes a Blob of a file, whose type is string otherwise',
  },
  {
    language: 'TypeScript',
    generator: 'orval',
    folder: 'orval',
    version: { file: 'package.json', after: '"orval": "' },
    generate: [npmInstall, ['node_modules/.bin/orval', '--config', 'orval.config.mjs']],
    compile: typecheck,
    run: runTypeScript,
    option:
      '`client: fetch` with a [mutator](../test/clients/generated/orval/custom-fetch.ts) that reads a body as its media type says; without it, errors of getImage come as Blobs',
  },
  {
    language: 'Java',
    generator: 'openapi-generator java, okhttp-gson',
    folder: 'openapi-generator-okhttp',
    ...java('okhttp-gson'),
    option: single,
  },
  {
    language: 'Java',
    generator: 'openapi-generator java, native',
    folder: 'openapi-generator-native',
    ...java('native'),
    option: `${single}; putImage sends the path of the file as JSON, unless [an interceptor](../test/clients/generated/openapi-generator-native/src/main/java/LifeCycle.java) puts the file in its place`,
  },
  {
    language: 'Rust',
    generator: 'openapi-generator rust',
    folder: 'openapi-generator-rust',
    version: jarVersion,
    jar: true,
    generate: [generateWithJar('rust', 'useSingleRequestParameter=true,packageName=imgwire-generated', '-o', 'api')],
    compile: [['cargo', 'build', '--quiet', '--locked']],
    run: ['target/debug/life-cycle'],
    option: [
      `${single}; putImage sends no Content-Type`,
      ' unless [a header of the client](../test/clients/generated/openapi-generator-rust/src/main.rs) says it;',
      ' errors of all statuses come as the variant `Status400`, so go by the `status` of the problem;',
      ' `default-features = false` leaves out TLS',
    ].join(''),
  },
];
