import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, type Guide, testGuide, testLazyPirate } from '../helpers/guide-tests.ts';

/*
 * Runs the guides whose programs need another toolchain, as printed. The first run downloads libraries.
 */

const buildMs = 500_000;
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const goGuide: Guide = {
  document: 'docs/go.md',
  programs: ['go net-http', 'go req', 'go lazy-pirate', 'go dealer', 'go go-zeromq'],
  // Within the module that has the dependencies.
  parent: fileURLToPath(new URL('go', import.meta.url)),
  async prepare(code, cwd) {
    await writeFile(join(cwd, 'main.go'), code);
    await execute(['go', 'build', '-o', 'program', '.'], cwd, buildMs);
    return ['./program'];
  },
};
testGuide(goGuide);
testLazyPirate(goGuide, 'go lazy-pirate');
testLazyPirate(goGuide, 'go go-zeromq');

let classPath: Promise<string> | undefined;

async function classPathOfJeroMQ(scratch: string): Promise<string> {
  const path = join(scratch, 'class-path');
  const command = ['mvn', '-q', '-B', `${dependencyPlugin}:build-classpath`, `-Dmdep.outputFile=${path}`];
  await execute(command, fileURLToPath(new URL('jeromq', import.meta.url)), buildMs);
  return readFile(path, 'utf8');
}

const javaGuide: Guide = {
  document: 'docs/java.md',
  programs: ['java http', 'java req', 'java lazy-pirate', 'java dealer'],
  async prepare(code, cwd) {
    await writeFile(join(cwd, 'Program.java'), code);
    classPath ??= classPathOfJeroMQ(cwd);
    return ['java', '-cp', await classPath, 'Program.java'];
  },
};
testGuide(javaGuide);
testLazyPirate(javaGuide, 'java lazy-pirate');

const crate = fileURLToPath(new URL('rust-guide', import.meta.url));

testGuide({
  document: 'docs/rust.md',
  programs: ['rust http'],
  async prepare(code, cwd) {
    for (const file of ['Cargo.toml', 'Cargo.lock']) await copyFile(join(crate, file), join(cwd, file));
    await mkdir(join(cwd, 'src'));
    await writeFile(join(cwd, 'src/main.rs'), code);
    // The libraries are built once.
    const target = join(crate, 'target');
    await execute(['cargo', 'build', '--quiet', '--locked', '--target-dir', target], cwd, buildMs);
    await copyFile(join(target, 'debug/imgwire-guide'), join(cwd, 'program'));
    return ['./program'];
  },
});
