import { setTimeout as delay } from 'node:timers/promises';
import { createGc } from '../../../src/gc.ts';
import { connectZmq } from '../../helpers/zmq-client.ts';

// A client of images alone: a heap as large as that of the bench has its collector's pauses counted as the service's.
// Argument: the endpoint.

export interface Task {
  imageId: string;
  encoding: 'binary' | 'base64';
  count: number;
  /** Milliseconds between one and the next. */
  pauseMs: number;
}

const client = connectZmq({ after() {} }, process.argv[2] ?? '');
// Frees each image once it is done with it, as a client in Python does, where binary gains as much.
// Left to V8, its collections take a fifth of the rate.
const gc = createGc();

async function retrieve({ imageId, encoding }: Task): Promise<void> {
  const request = { operation: 'retrieve', image_id: imageId, transfer_encoding: encoding };
  const { json, image, frames } = await client.call(request);
  gc.framesPassed(frames);
  const bytes = image ?? Buffer.from(String(json.image_data), 'base64');
  if (bytes.length !== json.size) throw new Error(`Expected ${json.size} bytes but received ${bytes.length}`);
}

process.on('message', async (task: Task) => {
  const milliseconds: number[] = [];
  for (let index = 0; index < task.count; index += 1) {
    const start = performance.now();
    await retrieve(task);
    milliseconds.push(performance.now() - start);
    if (task.pauseMs > 0) await delay(task.pauseMs);
  }
  process.send?.({ milliseconds });
});
process.send?.({});
