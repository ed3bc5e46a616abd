import { setTimeout as delay } from 'node:timers/promises';
import { createGc } from '../../../src/gc.ts';
import { connectZmq } from '../../helpers/zmq-client.ts';

// A client that only retrieves images, in a process of its own: with the bench's large heap, garbage collection pauses
// would count as the service's latency. Argument: the endpoint.

export interface RetrieveTask {
  imageId: string;
  encoding: 'binary' | 'base64';
  count: number;
  /** Milliseconds between requests. */
  pauseMs: number;
}

const client = connectZmq({ after() {} }, process.argv[2] ?? '');
// Frees each image after use, like a Python client, for which binary gains as much. V8's own garbage collection would
// cost a fifth of the rate.
const gc = createGc();

async function retrieve({ imageId, encoding }: RetrieveTask): Promise<void> {
  const request = { operation: 'retrieve', image_id: imageId, transfer_encoding: encoding };
  const { json, image, frames } = await client.call(request);
  gc.countFrames(frames);
  const bytes = image ?? Buffer.from(String(json.image_data), 'base64');
  if (bytes.length !== json.size) throw new Error(`Expected ${json.size} bytes but received ${bytes.length}`);
}

process.on('message', async (task: RetrieveTask) => {
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
