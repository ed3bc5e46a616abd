import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';

export interface Output {
  /** Takes whole lines. Never blocks: what does not fit is dropped. */
  write(lines: string): void;
  /** Writes what can be written at once. */
  flush(): void;
}

export interface OutputOptions {
  fd: 1 | 2;
  /** Lines wait so long for others: a write each takes longer than a 304. A process that is killed loses the last ones. */
  batchMs?: number;
  /** Told, now and then, that it cannot be written, or how many lines were dropped, and why. */
  complain?(message: string): void;
  /** Called where lines are missing, before the first that is taken again. */
  onGap?(dropped: number): void;
}

/** Characters that wait while nothing can be written; lines beyond are dropped. */
const maxWaiting = 1_048_576;

const batchLength = 65_536;

/** PIPE_BUF of Linux. So much is written whole or not at all: nobody else's text can get into a line. */
const atomicBytes = 4096;

const retryMs = { full: 10, failed: 1000 };
const complainMs = 10_000;

/** What a slow reader is given to take the rest when the process ends. */
const exitMs = 1000;

const newline = 10;

/** Writes lines without waiting for who reads them, and says what it had to drop. */
export function createOutput({ fd, batchMs = 0, complain = () => {}, onGap = () => {} }: OutputOptions): Output {
  const isFile = fstatSync(fd).isFile();
  const target = isFile ? fd : openNonBlocking(fd);
  let waiting = '';
  let chunk: Buffer = Buffer.alloc(0);
  let offset = 0;
  let isInFlight = false;
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;
  let failure: NodeJS.ErrnoException | undefined;
  let gap = 0;
  let unreported = 0;

  const length = () => chunk.length - offset + waiting.length;

  /** False where nothing is left. */
  const load = () => {
    if (offset === chunk.length) {
      chunk = Buffer.from(waiting);
      offset = 0;
      waiting = '';
    }
    return chunk.length > 0;
  };

  const succeed = (bytes: number) => {
    offset += bytes;
    failure = undefined;
    if (gap > 0 && length() <= maxWaiting / 2) endGap();
  };

  const fail = (error: NodeJS.ErrnoException) => {
    if (!isFull(error) && failure?.code !== error.code) complain(`the log cannot be written: ${error.message}`);
    failure = error;
    timer = setTimeout(flush, isFull(error) ? retryMs.full : retryMs.failed).unref();
  };

  const writeWithoutWaiting = () => {
    try {
      while (load()) succeed(writeSync(target, chunk, offset, lengthOfWholeLines(chunk, offset)));
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  };

  // A disk may keep a write waiting, whatever the flags.
  const writeFile = () => {
    if (isInFlight || !load()) return;
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
    if (isFile && !isEnding) writeFile();
    else writeWithoutWaiting();
  };

  const report = () => {
    if (unreported === 0) return;
    const reason = failure && !isFull(failure) ? failure.message : 'nobody reads them fast enough';
    complain(`${unreported} lines of the log were dropped: ${reason}`);
    unreported = 0;
  };

  const drop = (lines: string) => {
    const count = lines.split('\n').length - 1;
    gap += count;
    if (unreported === 0) setTimeout(report, complainMs).unref();
    unreported += count;
  };

  /** Once there is room for many: or every few lines there would be another. */
  const endGap = () => {
    const dropped = gap;
    gap = 0;
    onGap(dropped);
  };

  process.once('exit', () => {
    isEnding = true;
    if (isInFlight) [chunk, offset] = [Buffer.alloc(0), 0];
    const end = performance.now() + exitMs;
    do writeWithoutWaiting();
    while (length() > 0 && failure && isFull(failure) && performance.now() < end && sleep(retryMs.full));
    if (length() > 0) drop(chunk.toString('utf8', offset) + waiting);
    report();
  });

  return {
    write(lines) {
      if (gap > 0 || length() + lines.length > maxWaiting) return drop(lines);
      waiting += lines;
      if (failure) return;
      if (batchMs === 0 || waiting.length >= batchLength) flush();
      else timer ??= setTimeout(flush, batchMs).unref();
    },
    flush,
  };
}

/**
 * O_NONBLOCK belongs to what was opened, which a shell and other programs share: pipes and devices are opened once more.
 * Sockets, as systemd gives, cannot be: there libuv sets it when the stream is made, and Node.js takes it back at the end.
 */
function openNonBlocking(fd: 1 | 2): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return (fd === 1 ? process.stdout : process.stderr).fd;
  }
}

/** A line that is longer than what is written whole goes alone. */
function lengthOfWholeLines(chunk: Buffer, offset: number): number {
  const limit = offset + atomicBytes;
  if (limit >= chunk.length) return chunk.length - offset;
  const end = chunk.lastIndexOf(newline, limit - 1);
  return (end < offset ? chunk.indexOf(newline, limit) : end) + 1 - offset;
}

const isFull = ({ code }: NodeJS.ErrnoException) => code === 'EAGAIN';

function sleep(ms: number): boolean {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return true;
}
