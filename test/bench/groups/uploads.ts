import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWith } from '../../helpers/owner.ts';
import { type Bench, compare, reportRatio, startReference } from '../measure.ts';
import type { UploadTask } from '../references/upload-client.ts';
import type { WriteTask } from '../references/write-and-sync.ts';
import { start } from '../start.ts';

const concurrency = 32;

const kinds = { photograph: 'photographs, 1200 x 800', metadata: 'small pictures with large metadata' } as const;
const doors = { http: 'HTTP', zmq: 'ZeroMQ' } as const;

interface Rate {
  perSecond: number;
}

/** Uploads of different files of 100 kB, durable once answered, compared with bare write-and-fsync on the same disk. */
export async function uploads(bench: Bench): Promise<void> {
  const service = await start(bench);
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(bench, () => rm(folder, { recursive: true, force: true }));
  const disk = await startReference(bench, 'write-and-sync', [folder]);
  const client = await startReference(bench, 'upload-client', [service.http, service.zmq]);
  const count = 200 * bench.seconds;
  const write = async () => (await disk.ask<Rate>({ count, concurrency } satisfies WriteTask)).perSecond;
  for (const kind of ['photograph', 'metadata'] as const) {
    for (const door of ['http', 'zmq'] as const) {
      const task: UploadTask = { door, kind, count, concurrency };
      const upload = async () => (await client.ask<Rate>(task)).perSecond;
      const what = `uploads of 100 kB over ${doors[door]}, 32 in flight (${kinds[kind]}), vs write-and-fsync`;
      reportRatio(bench, what, '/s', await compare(bench.rounds, upload, write), 0.3);
    }
  }
}
