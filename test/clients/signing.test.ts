import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { blocks } from '../helpers/guide.ts';
import { temporaryFolder } from '../helpers/owner.ts';

/* The recipes in docs/access.md must reproduce the signatures in docs/signing-vectors.json. */

const run = promisify(execFile);
const vectors = await readFile(new URL('../../docs/signing-vectors.json', import.meta.url), 'utf8');
const recipes = await blocks('docs/access.md', { http: '', zmq: '' });

interface Vectors {
  vectors: { path: string; parameters: Record<string, string>; signature: string }[];
}

/** Each program prints the signed URL of each vector on a line. */
const programs: Record<string, { files: (recipe: string) => Record<string, string>; command: string[] }> = {
  python: {
    files: (recipe) => ({
      'main.py': `${recipe}
import json
data = json.load(open("vectors.json"))
for vector in data["vectors"]:
    print(sign(data["key"], vector["path"], vector["parameters"]))
`,
    }),
    command: ['python3', 'main.py'],
  },
  js: {
    files: (recipe) => ({
      'main.mjs': `${recipe}
import { readFileSync } from 'node:fs';
const { key, vectors } = JSON.parse(readFileSync('vectors.json', 'utf8'));
for (const { path, parameters } of vectors) console.log(sign(key, path, parameters));
`,
    }),
    command: [process.execPath, 'main.mjs'],
  },
  go: {
    files: (recipe) => ({
      'go.mod': 'module example\n\ngo 1.23\n',
      'signing/signing.go': recipe,
      'main.go': `package main

import (
	"encoding/json"
	"example/signing"
	"fmt"
	"os"
)

func main() {
	var data struct {
		Key     string
		Vectors []struct {
			Path       string
			Parameters map[string]string
		}
	}
	text, _ := os.ReadFile("vectors.json")
	if err := json.Unmarshal(text, &data); err != nil {
		panic(err)
	}
	for _, vector := range data.Vectors {
		fmt.Println(signing.Sign(data.Key, vector.Path, vector.Parameters))
	}
}
`,
    }),
    command: ['go', 'run', '.'],
  },
  java: {
    files: (recipe) => {
      const { key, vectors: all } = JSON.parse(vectors) as Vectors & { key: string };
      const calls = all.map(({ path, parameters }) => {
        const pairs = Object.entries(parameters)
          .flat()
          .map((text) => JSON.stringify(text));
        return `System.out.println(Signing.sign(${JSON.stringify(key)}, ${JSON.stringify(path)}, Map.of(${pairs.join(', ')})));`;
      });
      // In a source file run directly, the class with main comes first.
      const [imports = '', type = ''] = recipe.split(/^(?=class)/m);
      return {
        'Main.java': `${imports}\nclass Main {\n  public static void main(String[] args) throws Exception {\n${calls.join('\n')}\n  }\n}\n${type}`,
      };
    },
    command: ['java', '-Dfile.encoding=UTF-8', 'Main.java'],
  },
};

for (const [language, { files, command }] of Object.entries(programs)) {
  test(`the ${language} recipe reproduces the signing vectors`, async (t) => {
    const recipe = recipes.find(({ info }) => info === `${language} sign`);
    assert.ok(recipe);
    const cwd = await temporaryFolder(t, 'signing');
    await writeFile(join(cwd, 'vectors.json'), vectors);
    for (const [name, content] of Object.entries(files(recipe.code))) {
      const path = join(cwd, name);
      await run('mkdir', ['-p', join(path, '..')]);
      await writeFile(path, content);
    }
    const [program = '', ...args] = command;
    const { stdout } = await run(program, args, { cwd });
    const urls = stdout.trim().split('\n');
    for (const [index, { path, parameters, signature }] of (JSON.parse(vectors) as Vectors).vectors.entries()) {
      const url = new URL(urls[index] as string, 'http://localhost');
      assert.equal(url.pathname, path);
      assert.deepEqual(Object.fromEntries(url.searchParams), { ...parameters, signature });
    }
  });
}
