import { cached } from './groups/cached.ts';
import { capacity } from './groups/capacity.ts';
import { cold } from './groups/cold.ts';
import { dispatching } from './groups/dispatching.ts';
import { gallery } from './groups/gallery.ts';
import { latency } from './groups/latency.ts';
import { load } from './groups/load.ts';
import { memory } from './groups/memory.ts';
import { resizes } from './groups/resizes.ts';
import { scale } from './groups/scale.ts';
import { scaling } from './groups/scaling.ts';
import { sharedWork } from './groups/shared-work.ts';
import { uniqueSizes } from './groups/unique-sizes.ts';
import { uploads } from './groups/uploads.ts';
import { wire } from './groups/wire.ts';
import type { Bench } from './measure.ts';

export interface Group {
  title: string;
  about: string;
  run(bench: Bench): Promise<void>;
}

/** By their name on the command line, in the order of the document. */
export const groups: Record<string, Group> = {
  jpeg: {
    title: 'Cold files: JPEG',
    about:
      'Every request is for another file. The files differ only in a comment, so no cache helps. All contenders read from a local folder; imgwire’s files are uploaded before the clock starts. Quality 80, baseline, 4:2:0, metadata stripped. “(defaults)” marks services whose defaults do other work: progressive JPEG, and for thumbor one process for all cores. “Bare sharp” is sharp in one process with imgwire’s encoder settings, reading the same files; “bare Fastify” is the same behind one route.',
    run: cold('jpeg'),
  },
  webp: {
    title: 'Cold files: WebP',
    about: 'The same at quality 80, with each service’s default effort.',
    run: cold('webp'),
  },
  avif: {
    title: 'Cold files: AVIF',
    about:
      'The same with each service’s default quality, effort and chroma subsampling, since AVIF numbers mean different things in each.',
    run: cold('avif'),
  },
  uniqueSizes: {
    title: 'Unique sizes of one photograph',
    about:
      'Combinations of width and quality of one photograph, each requested once; for AVIF widths only, at each service’s default quality. No result is requested twice, but imgwire keeps the photograph decoded.',
    run: uniqueSizes,
  },
  gallery: {
    title: 'Many photographs',
    about:
      'Pages of 20 different photographs at 320 pixels, then five of them at 1280. A round is one page, not requested before.',
    run: gallery,
  },
  cached: {
    title: 'Repeated requests',
    about:
      'A cached result, compared with the best rate of Fastify and with services that recompute it, once for all waiting requests (imagor) or for each. Those rely on a cache in front of them.',
    run: cached,
  },
  latency: {
    title: 'Latency at a fixed rate',
    about:
      'Requests are sent at fixed times, at half of the maximum rate of the slower contender, whether or not earlier ones were answered. Latency counts from the scheduled time.',
    run: latency,
  },
  memory: {
    title: 'Memory',
    about:
      'Memory of a contender and all its child processes: PSS, which counts shared pages once, and the sum of RSS, which counts them once per process.',
    run: memory,
  },
  resizes: {
    title: 'One photograph over ZeroMQ, and added latency',
    about: 'Six requests in flight, and one after another, compared with sharp in a process of its own.',
    run: resizes,
  },
  wire: { title: 'ZeroMQ', about: 'Originals over ZeroMQ to a client in a process of its own.', run: wire },
  sharedWork: { title: 'Identical requests', about: 'Identical requests in flight share one job.', run: sharedWork },
  dispatching: {
    title: 'The dispatcher alone',
    about: 'REP sockets that answer at once take the place of workers.',
    run: dispatching,
  },
  load: { title: 'Start and large uploads', about: 'The service with its defaults.', run: load },
  uploads: {
    title: 'Uploads',
    about:
      'Each upload is another file of 100 kB and durable once answered. The reference is a program that only writes, syncs, renames and syncs the folder, on the same disk.',
    run: uploads,
  },
  scaling: {
    title: 'Images in a bucket',
    about: 'SeaweedFS runs on the same machine and shares its two cores.',
    run: scaling,
  },
  scale: {
    title: 'How costs grow',
    about: 'Costs by number of stored images, results on disk, connections and waiting requests, and by image size.',
    run: scale,
  },
  capacity: {
    title: 'One worker on all CPUs',
    about:
      'Input of the calculations in docs/scaling.md: one worker that may use all CPUs, two requests in flight, one photograph, decoded for each result; and the bytes of one request.',
    run: capacity,
  },
};
