/*
 * A worker that ends as a codec's bug would end it: whatever it is asked to resize that carries one of these marks.
 * It is the built worker; only the receiving side of its sockets is wrapped.
 */
import { Reply } from 'zeromq';

const marks = {
  'POISON:abort': () => process.abort(),
  'POISON:segfault': () => process.kill(process.pid, 'SIGSEGV'),
  'POISON:exit': () => process.exit(7),
};

/** Ids of stored images that do the same, separated by commas. */
const poisonIds = (process.env.POISON_IDS ?? '').split(',').filter(Boolean);

const { receive } = Reply.prototype;

async function receivePoison() {
  const frames = await receive.call(this);
  const request = frames[0].toString();
  if (!request.includes('"resize"')) return frames;
  const end = Object.entries(marks).find(([mark]) => frames.some((frame) => frame.includes(mark)))?.[1];
  // In a moment, as a codec would: other jobs are in work on this process by then.
  if (end) setTimeout(end, 20);
  else if (poisonIds.some((id) => request.includes(id))) setTimeout(marks['POISON:segfault'], 20);
  else return frames;
  return new Promise(() => {});
}

Object.defineProperty(Reply.prototype, 'receive', { value: receivePoison });

await import('../../dist/worker/main.js');
