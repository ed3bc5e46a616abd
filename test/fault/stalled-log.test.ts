import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { command, nodeFlags } from '../helpers/command.ts';
import { closeWith, type Owner, temporaryFolder } from '../helpers/owner.ts';
import { freePort } from '../helpers/ports.ts';

/*
 * A log that nobody reads, as with a hung reader: lines are dropped and counted, and nothing else changes.
 */

const linux = { skip: process.platform !== 'linux' };

interface Started {
  child: ChildProcess;
  exited: Promise<unknown[]>;
  url: string;
  workers: () => number[];
}

type Output = number | Socket | 'ignore';

/**
 * Starts the service with the given outputs, stderr like stdout by default, and waits for it without reading its log.
 */
async function startUnread(t: Owner, stdout: Output, stderr = stdout): Promise<Started> {
  const port = await freePort();
  const child = spawn(process.execPath, [...nodeFlags, command], {
    stdio: ['ignore', stdout, stderr],
    env: {
      PATH: process.env.PATH,
      IMGWIRE_PORT: String(port),
      IMGWIRE_ZMQ_ENDPOINT: 'tcp://127.0.0.1:0',
      IMGWIRE_DATA_DIR: join(await temporaryFolder(t, 'log'), 'data'),
      IMGWIRE_WORKERS: '2',
    },
  });
  closeWith(t, () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) await delay(50);
  const workers = () =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  return { child, exited: once(child, 'exit'), url, workers };
}

/** Each logs two lines, by the gateway and by a worker: more than a pipe and the pending buffer hold. */
const requests = 4000;

async function requestMissing({ url }: Started): Promise<void> {
  let next = 0;
  const ask = async () => {
    for (let id = next++; id < requests; id = next++) {
      const response = await fetch(`${url}/images/${id.toString(16).padStart(64, '0')}`);
      await response.arrayBuffer();
      assert.equal(response.status, 404);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
}

/** Creates a pipe and returns the descriptors of its ends. */
async function makePipe(t: Owner): Promise<{ reader: number; writer: number }> {
  const path = join(await temporaryFolder(t, 'pipe'), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, 'w') };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

test(
  'keeps serving while nobody reads its pipe, drops whole lines, and counts them in both outputs',
  linux,
  async (t) => {
    const { reader, writer } = await makePipe(t);
    const service = await startUnread(t, writer);
    closeSync(writer);
    const workers = service.workers();
    await requestMissing(service);
    assert.deepEqual(service.workers(), workers);

    let output = '';
    const log = new Socket({ fd: reader }).setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const ended = once(log, 'end');
    while (!output.includes('log lines dropped')) await once(log, 'data');
    service.child.kill('SIGTERM');
    assert.deepEqual(await service.exited, [0, null]);
    await ended;
    const lines = output.trimEnd().split('\n');
    const stderrLines = lines.filter((line) => line.startsWith('imgwire: '));
    const logged = lines.filter((line) => !stderrLines.includes(line)).map((line) => JSON.parse(line));
    const notices = logged.filter(({ msg }) => msg === 'log lines dropped');
    const dropped = sum(notices.map((line) => line.dropped));
    assert.ok(dropped > 0);
    assert.equal(
      sum(stderrLines.map((line) => Number(/^imgwire: dropped (\d+) log lines: /.exec(line)?.[1]))),
      dropped,
    );
    const written = logged.filter(({ msg }) => msg === 'request' || msg === 'answered').length;
    assert.ok(written + dropped >= 2 * requests, `${written} written, ${dropped} dropped`);
    assert.ok(logged.some(({ msg }) => msg === 'stopped'));
  },
);

test('keeps serving while nobody reads its socket, and exits on SIGTERM', linux, async (t) => {
  const path = join(await temporaryFolder(t, 'socket'), 'socket');
  const server = createServer({ pauseOnConnect: true }).listen(path);
  closeWith(t, () => server.close());
  const writer = connect(path);
  const [[reader]] = await Promise.all([once(server, 'connection'), once(writer, 'connect')]);
  closeWith(t, () => reader.destroy());
  const service = await startUnread(t, writer);
  writer.destroy();
  const workers = service.workers();
  await requestMissing(service);
  assert.deepEqual(service.workers(), workers);
  service.child.kill('SIGTERM');
  assert.deepEqual(await service.exited, [0, null]);
});

test('only the gateway writes to its output, and it leaves the flags of shared descriptors alone', linux, async (t) => {
  const { reader, writer } = await makePipe(t);
  closeWith(t, () => closeSync(reader));
  // Node.js itself changes the flags of stderr.
  const service = await startUnread(t, writer, 'ignore');
  const flags = Number.parseInt(
    /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${writer}`, 'utf8'))?.[1] ?? '',
    8,
  );
  assert.equal(flags & constants.O_NONBLOCK, 0);
  closeSync(writer);
  const outputs = (pid: unknown) => [1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const ours = outputs(service.child.pid);
  for (const worker of service.workers()) assert.ok(!outputs(worker).some((output) => ours.includes(output)));
});
