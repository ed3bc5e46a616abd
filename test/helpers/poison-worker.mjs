/*
 * The built worker, made to crash as if by a codec bug on a resize that contains one of these marks.
 * Only the receive side of its sockets is wrapped.
 */
import { Reply } from 'zeromq';

const marks = {
  'POISON:abort': () => process.abort(),
  'POISON:segfault': () => process.kill(process.pid, 'SIGSEGV'),
  'POISON:exit': () => process.exit(7),
};

/** Comma-separated ids of stored images that crash it with SIGSEGV. */
const poisonIds = (process.env.POISON_IDS ?? '').split(',').filter(Boolean);

const { receive } = Reply.prototype;

async function receivePoison() {
  const frames = await receive.call(this);
  const request = frames[0].toString();
  if (!request.includes('"resize"')) return frames;
  const crash = Object.entries(marks).find(([mark]) => frames.some((frame) => frame.includes(mark)))?.[1];
  // After a delay, as in a codec: by then this process has other jobs in progress.
  if (crash) setTimeout(crash, 20);
  else if (poisonIds.some((id) => request.includes(id))) setTimeout(marks['POISON:segfault'], 20);
  else return frames;
  return new Promise(() => {});
}

Object.defineProperty(Reply.prototype, 'receive', { value: receivePoison });

await import('../../dist/worker/main.js');
