import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { Router } from 'zeromq';
import { blocks } from './guide.ts';
import { closeWith } from './owner.ts';
import { photo } from './photo.ts';
import { startService } from './service.ts';

const run = promisify(execFile);
export const picture = await photo(900, 600);
/** A guide waits at most 6 s per attempt. */
const timeoutMs = 60_000;

export const running = await startService({ after });
export const stopped = await startService({ after });
await stopped.stop();

export interface Guide {
  document: string;
  /** Blocks that run on their own, in order; shell blocks only prepare others. */
  programs: string[];
  /** Where the programs' folders are made. Default: the system's temporary folder. */
  parent?: string;
  /** Prepares a program to run in its folder, and returns the command. */
  prepare(code: string, folder: string, info: string): Promise<string[]>;
}

/** Tests that each program of a guide works, and fails with an error while the service is stopped. */
export function testGuide(guide: Guide): void {
  const { document, programs } = guide;

  test(`${document}: every program has a test`, async () => {
    const found = (await blocks(document, running)).map(({ info }) => info);
    assert.deepEqual(
      found.filter((info) => !info.startsWith('sh ')),
      programs,
    );
  });

  for (const program of programs) {
    test(`${document}: ${program} makes an image 720 pixels wide`, async (t) => {
      const { cwd, command } = await prepare(t, guide, program, running);
      await execute(command, cwd);
      const { format, width, height } = await sharp(await readFile(resultOf(program, cwd))).metadata();
      assert.deepEqual({ format, width, height }, { format: 'webp', width: 720, height: 480 });
    });
  }

  test(`${document}: with the service stopped`, { concurrency: 4 }, async (t) => {
    const tests = programs.map((program) =>
      t.test(`${program} ends with an error`, async (t) => {
        const { cwd, command } = await prepare(t, guide, program, stopped);
        await assertUnreachable(execute(command, cwd));
      }),
    );
    await Promise.all(tests);
  });
}

/** Tests that a program resends a request without a reply, and mistakes no late reply for another's. */
export function testLazyPirate(guide: Guide, program: string): void {
  test(`${guide.document}: ${program} resends a lost request`, async (t) => {
    const door = new Router({ linger: 0, receiveTimeout: 60_000 });
    closeWith(t, () => door.close());
    await door.bind('tcp://127.0.0.1:*');
    const { cwd, command } = await prepare(t, guide, program, { http: running.http, zmq: String(door.lastEndpoint) });
    const ended = execute(command, cwd);

    const next = async () => {
      const frames = await door.receive();
      const delimiter = frames.findIndex(({ length }) => length === 0);
      const operation = JSON.parse(String(frames[delimiter + 1])).operation;
      return { operation, envelope: frames.slice(0, delimiter + 1) };
    };
    const success = (size: number) => JSON.stringify({ status: 'success', width: size, height: size });
    const lost = await next();
    const again = await next();
    await door.send([...lost.envelope, success(9), 'late']);
    await door.send([...again.envelope, success(1)]);
    const resize = await next();
    assert.deepEqual([lost.operation, again.operation, resize.operation], ['upload', 'upload', 'resize']);
    await door.send([...resize.envelope, success(2), 'the image']);
    await ended;
    assert.equal(await readFile(join(cwd, 'small.webp'), 'utf8'), 'the image');
  });
}

async function prepare(t: TestContext, guide: Guide, program: string, to: { http: string; zmq: string }) {
  const block = (await blocks(guide.document, to)).find(({ info }) => info === program);
  assert.ok(block, program);
  const cwd = await mkdtemp(join(guide.parent ?? tmpdir(), 'guide-'));
  closeWith(t, () => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'photo.jpg'), picture);
  return { cwd, command: await guide.prepare(block.code, cwd, program) };
}

/** Programs with several requests in flight name each result after its width. */
const resultOf = (program: string, cwd: string) =>
  join(cwd, /dealer|asyncio/.test(program) ? '720.webp' : 'small.webp');

export const execute = ([file = '', ...args]: string[], cwd: string, timeout = timeoutMs) =>
  run(file, args, { cwd, timeout });

export async function assertUnreachable(ended: Promise<unknown>): Promise<void> {
  const error = await ended.then(
    () => assert.fail('Expected an error'),
    (error) => error,
  );
  assert.ok(error.code > 0, `ended by ${error.signal ?? error}`);
  assert.match(`${error.stderr}${error.stdout}`, /no reply|refused|failed to connect/i);
}
