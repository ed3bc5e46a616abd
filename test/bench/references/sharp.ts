import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

// The same operation in one process, without anything around it: told how many, and how many at once, it says how long they took.

const [file = ''] = process.argv.slice(2);
const image = await readFile(file);
const resize = () => sharp(image).autoOrient().resize({ width: 720 }).toColourspace('srgb').jpeg().toBuffer();

process.on('message', async ({ count, atOnce }: { count: number; atOnce: number }) => {
  const milliseconds: number[] = [];
  const started = performance.now();
  let begun = 0;
  const one = async () => {
    while (begun < count) {
      begun += 1;
      const start = performance.now();
      await resize();
      milliseconds.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  process.send?.({ seconds: (performance.now() - started) / 1000, milliseconds });
});
await resize();
process.send?.({ ready: true });
