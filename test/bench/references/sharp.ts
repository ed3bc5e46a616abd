import type { Picture } from '../contenders/contender.ts';
import { encode } from './encode.ts';

// sharp without anything around it. Argument: the folder of the sources. It does a list of pictures, so many at a time,
// until the time is up, and tells how many it did in how many seconds; or makes one picture and returns it.

const [folder = ''] = process.argv.slice(2);

type Task = { pictures: Picture[]; seconds: number; atOnce: number } | { picture: Picture };

process.on('message', async (task: Task) => {
  if ('picture' in task) {
    process.send?.({ base64: (await encode(folder, task.picture)).toString('base64') });
    return;
  }
  const { pictures, seconds, atOnce } = task;
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
  await Promise.all(Array.from({ length: atOnce }, one));
  process.send?.({ answered, seconds: elapsed() });
});
process.send?.({ ready: true });
