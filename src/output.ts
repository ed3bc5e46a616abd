import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';

export interface Output {
  /** Queues whole lines. Never blocks: lines that do not fit the queue are dropped. */
  write(lines: string): void;
  /** Writes as much as it can without blocking. */
  flush(): void;
}

export interface OutputOptions {
  fd: 1 | 2;
  /** Batches lines for this long: a write per line takes longer than a 304. A killed process loses its last batch. */
  batchMs?: number;
  /** Prints why writing fails, and from time to time how many lines were dropped, and why. */
  printError?(message: string): void;
  /** Called when lines are accepted again after some were dropped, with their number. */
  onDropped?(lines: number): void;
}

/** Characters queued while nothing can be written; further lines are dropped. */
const maxQueued = 1_048_576;

const batchLength = 65_536;

/** PIPE_BUF on Linux: writes up to this size are atomic, so another writer's text cannot end up inside a line. */
const atomicBytes = 4096;

const retryMs = { blocked: 10, failed: 1000 };
const reportDelayMs = 10_000;

/** Time for a slow reader to drain the queue when the process exits. */
const exitFlushMs = 1000;

const newline = 10;

/** Creates an output that never waits for its reader, and reports the lines it had to drop. */
export function createOutput({ fd, batchMs = 0, printError = () => {}, onDropped = () => {} }: OutputOptions): Output {
  // Not into the array that Node.js 20's module loader shares: after the stat of a pipe or socket, it leaves symbolic links
  // such as pnpm's unresolved, and loads packages twice.
  const isFile = fstatSync(fd, { bigint: true }).isFile();
  const target = isFile ? fd : openNonBlocking(fd);
  let queued = '';
  let chunk: Buffer = Buffer.alloc(0);
  let offset = 0;
  let isInFlight = false;
  let isExiting = false;
  let timer: NodeJS.Timeout | undefined;
  let failure: NodeJS.ErrnoException | undefined;
  let droppedLines = 0;
  let unreportedLines = 0;

  const length = () => chunk.length - offset + queued.length;

  /** @returns false if nothing is left to write */
  const loadChunk = () => {
    if (offset === chunk.length) {
      chunk = Buffer.from(queued);
      offset = 0;
      queued = '';
    }
    return chunk.length > 0;
  };

  const succeed = (bytes: number) => {
    offset += bytes;
    failure = undefined;
    // Half of the queue must be free, or lines would soon be dropped again.
    if (droppedLines > 0 && length() <= maxQueued / 2) resume();
  };

  const fail = (error: NodeJS.ErrnoException) => {
    if (!wouldBlock(error) && failure?.code !== error.code) printError(`cannot write the log: ${error.message}`);
    failure = error;
    timer = setTimeout(flush, wouldBlock(error) ? retryMs.blocked : retryMs.failed).unref();
  };

  const writeNonBlocking = () => {
    try {
      while (loadChunk()) succeed(writeSync(target, chunk, offset, lengthOfWholeLines(chunk, offset)));
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  };

  // Asynchronous: O_NONBLOCK has no effect on files, and a disk may block.
  const writeFile = () => {
    if (isInFlight || !loadChunk()) return;
    isInFlight = true;
    write(target, chunk, offset, chunk.length - offset, null, (error, bytes) => {
      isInFlight = false;
      if (error) return fail(error);
      succeed(bytes);
      writeFile();
    });
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (isFile && !isExiting) writeFile();
    else writeNonBlocking();
  };

  const report = () => {
    if (unreportedLines === 0) return;
    const reason = failure && !wouldBlock(failure) ? failure.message : 'the reader is too slow';
    printError(`dropped ${unreportedLines} log lines: ${reason}`);
    unreportedLines = 0;
  };

  const drop = (lines: string) => {
    const count = lines.split('\n').length - 1;
    droppedLines += count;
    if (unreportedLines === 0) setTimeout(report, reportDelayMs).unref();
    unreportedLines += count;
  };

  const resume = () => {
    const lines = droppedLines;
    droppedLines = 0;
    onDropped(lines);
  };

  process.once('exit', () => {
    isExiting = true;
    if (isInFlight) [chunk, offset] = [Buffer.alloc(0), 0];
    const deadline = performance.now() + exitFlushMs;
    do writeNonBlocking();
    while (length() > 0 && failure && wouldBlock(failure) && performance.now() < deadline && sleep(retryMs.blocked));
    if (length() > 0) drop(chunk.toString('utf8', offset) + queued);
    report();
  });

  return {
    write(lines) {
      if (droppedLines > 0 || length() + lines.length > maxQueued) return drop(lines);
      queued += lines;
      if (failure) return;
      if (batchMs === 0 || queued.length >= batchLength) flush();
      else timer ??= setTimeout(flush, batchMs).unref();
    },
    flush,
  };
}

/**
 * O_NONBLOCK is a flag of the open file description, which the shell and other programs share, so pipes and devices are
 * reopened. Sockets, as systemd passes them, cannot be: libuv sets it when the stream is created, and Node.js resets it at
 * exit.
 */
function openNonBlocking(fd: 1 | 2): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return (fd === 1 ? process.stdout : process.stderr).fd;
  }
}

/** Whole lines that fit an atomic write; a line longer than that is written alone. */
function lengthOfWholeLines(chunk: Buffer, offset: number): number {
  const limit = offset + atomicBytes;
  if (limit >= chunk.length) return chunk.length - offset;
  const end = chunk.lastIndexOf(newline, limit - 1);
  return (end < offset ? chunk.indexOf(newline, limit) : end) + 1 - offset;
}

const wouldBlock = ({ code }: NodeJS.ErrnoException) => code === 'EAGAIN';

function sleep(ms: number): boolean {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return true;
}
