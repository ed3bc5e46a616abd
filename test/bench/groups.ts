import { cached } from './lines/cached.ts';
import { capacity } from './lines/capacity.ts';
import { cold } from './lines/cold.ts';
import { dispatching } from './lines/dispatching.ts';
import { further } from './lines/further.ts';
import { gallery } from './lines/gallery.ts';
import { latency } from './lines/latency.ts';
import { load } from './lines/load.ts';
import { memory } from './lines/memory.ts';
import { resizes } from './lines/resizes.ts';
import { scale } from './lines/scale.ts';
import { scaling } from './lines/scaling.ts';
import { sharedWork } from './lines/shared-work.ts';
import { uploads } from './lines/uploads.ts';
import { wire } from './lines/wire.ts';
import type { Bench } from './measure.ts';

export interface Group {
  title: string;
  about: string;
  run(bench: Bench): Promise<void>;
}

/** By the name that is given on the command line, in the order of the document. */
export const groups: Record<string, Group> = {
  jpeg: {
    title: 'Files that nobody has asked for before: JPEG',
    about:
      'Every request is for another file, in which only a comment differs, so that no cache helps. All read from a folder of this machine; imgwire’s are uploaded before the clock starts. Quality 80, baseline, 4:2:0, metadata stripped; “as it comes” where a service would do other work: progressive JPEG, and of thumbor a process for all cores. “Bare sharp” is sharp in one process with imgwire’s own settings of encoders, reading the same files; “bare Fastify” is the same behind one route.',
    run: cold('jpeg'),
  },
  webp: {
    title: 'Files that nobody has asked for before: WebP',
    about: 'The same at quality 80, with each service’s own effort.',
    run: cold('webp'),
  },
  avif: {
    title: 'Files that nobody has asked for before: AVIF',
    about:
      'The same with each service’s own quality, effort and chroma, since its numbers mean something else in each.',
    run: cold('avif'),
  },
  further: {
    title: 'Unique sizes of one photograph',
    about:
      'Widths and qualities, each combination asked for once, of one photograph; of AVIF widths alone, at each service’s own quality. No result is asked for twice, but imgwire keeps the photograph decoded.',
    run: further,
  },
  gallery: {
    title: 'Many photographs',
    about:
      'Pages of 20 different photographs at 320 pixels, then five of them at 1280; a round is a page, which nobody has asked for before.',
    run: gallery,
  },
  cached: {
    title: 'Repeated requests',
    about:
      'A result that is there already, beside what Fastify sends at best, and beside services that make it again, once for all who wait for it (imagor) or for each: those count on a cache before them.',
    run: cached,
  },
  latency: {
    title: 'Latency at a fixed rate',
    about:
      'Requests are sent at fixed times, at half of the rate that the slower of the two reaches, whether or not earlier ones were answered; a latency counts from the time that the request was due.',
    run: latency,
  },
  memory: {
    title: 'Memory',
    about:
      'Of a contender and all its child processes: PSS, which counts shared pages once, and the sum of RSS, which counts them for each process.',
    run: memory,
  },
  resizes: {
    title: 'One photograph over ZeroMQ, and the latency that the service adds',
    about: 'One request after another, and six in flight, beside sharp in a process of its own.',
    run: resizes,
  },
  wire: { title: 'ZeroMQ', about: 'Originals over ZeroMQ to a client in a process of its own.', run: wire },
  sharedWork: { title: 'Equal requests', about: 'Identical requests in flight share one job.', run: sharedWork },
  dispatching: {
    title: 'The dispatcher alone',
    about: 'REP sockets that answer at once stand in place of workers.',
    run: dispatching,
  },
  load: { title: 'Start and large uploads', about: 'Of the service as it comes.', run: load },
  uploads: {
    title: 'Uploads',
    about:
      'Of 100 kB, each another file and durable when it is answered, beside a program that only writes, syncs, renames and syncs the folder, on the same disk.',
    run: uploads,
  },
  scaling: {
    title: 'Images in a bucket',
    about: 'SeaweedFS on the same machine, with the same two cores.',
    run: scaling,
  },
  scale: {
    title: 'How costs grow',
    about: 'With stored images, results on disk, connections, waiting requests and the size of an image.',
    run: scale,
  },
  capacity: {
    title: 'One worker on all CPUs',
    about:
      'What docs/scaling.md reckons with: one worker that may use all CPUs, two requests in flight, one photograph, decoded for each result; and the bytes of one request.',
    run: capacity,
  },
};
