import type { Weight } from '../../contract/operations.ts';
import type { Door } from './job.ts';

interface Waiting {
  readonly weight: Weight;
  readonly door: Door;
}

/**
 * Creates the queue of jobs for a lane: retries, the gateway's own, then the doors in turn, so that a flood at one leaves
 * the other its share.
 * @param limit most jobs of one weight that wait at one door; the gateway's own are not limited
 */
export function createQueue<T extends Waiting>(limit: number) {
  const create = () => ({
    retries: new Set<T>(),
    doors: { internal: new Set<T>(), http: new Set<T>(), zmq: new Set<T>() },
    turn: 'http' as 'http' | 'zmq',
  });
  const queues = { light: create(), heavy: create() };

  const take = (jobs: Set<T>): T | undefined => {
    const [first] = jobs;
    if (first !== undefined) jobs.delete(first);
    return first;
  };

  const isFull = (door: Door, weight: Weight) => door !== 'internal' && queues[weight].doors[door].size >= limit;

  return {
    isFull,
    /** Jobs of all doors that wait, retries included. */
    size(weight: Weight): number {
      const { retries, doors } = queues[weight];
      return retries.size + doors.internal.size + doors.http.size + doors.zmq.size;
    },
    /** @returns false where the queue is full */
    push(job: T): boolean {
      if (isFull(job.door, job.weight)) return false;
      queues[job.weight].doors[job.door].add(job);
      return true;
    },
    /** Queues a retry: in front of all others, whatever the limit. */
    pushFront: (job: T) => void queues[job.weight].retries.add(job),
    shift(weight: Weight): T | undefined {
      const queue = queues[weight];
      const { retries, doors, turn } = queue;
      const first = take(retries) ?? take(doors.internal);
      if (first !== undefined) return first;
      queue.turn = turn === 'http' ? 'zmq' : 'http';
      return take(doors[turn]) ?? take(doors[queue.turn]);
    },
    delete(job: T): void {
      const { retries, doors } = queues[job.weight];
      retries.delete(job);
      doors[job.door].delete(job);
    },
  };
}
