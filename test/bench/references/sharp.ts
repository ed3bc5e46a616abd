import type { Picture } from '../contenders/contender.ts';
import { encode } from './encode.ts';

// Bare sharp. Argument: the source folder. Encodes a list of pictures, `concurrency` at a time, until the list or the
// time ends, and reports how many it encoded in how many seconds; or encodes one picture and returns it.

const [folder = ''] = process.argv.slice(2);

type Task = { pictures: Picture[]; seconds: number; concurrency: number } | { picture: Picture };

process.on('message', async (task: Task) => {
  if ('picture' in task) {
    process.send?.({ base64: (await encode(folder, task.picture)).toString('base64') });
    return;
  }
  const { pictures, seconds, concurrency } = task;
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  let next = 0;
  let answered = 0;
  const one = async () => {
    while (next < pictures.length && elapsed() < seconds) {
      await encode(folder, pictures[next++] as Picture);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  process.send?.({ answered, seconds: elapsed() });
});
process.send?.({ ready: true });
