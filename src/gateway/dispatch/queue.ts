import type { Weight } from '../../contract/operations.ts';
import type { Door } from './job.ts';

interface QueueItem {
  readonly weight: Weight;
  readonly door: Door;
}

/**
 * Creates the queue of jobs for each lane weight: retries first, then internal jobs, then round robin over the doors,
 * so a flood at one door cannot starve the other.
 * @param limit maximum queued jobs per door and weight; internal jobs are not limited
 */
export function createQueue<T extends QueueItem>(limit: number) {
  const create = () => ({
    retries: createFifo<T>(),
    doors: { internal: createFifo<T>(), http: createFifo<T>(), zmq: createFifo<T>() },
    nextDoor: 'http' as 'http' | 'zmq',
  });
  const queues = { light: create(), heavy: create() };

  const isFull = (door: Door, weight: Weight) => door !== 'internal' && queues[weight].doors[door].size() >= limit;

  return {
    isFull,
    /** Queued jobs of all doors, retries included. */
    size(weight: Weight): number {
      const { retries, doors } = queues[weight];
      return retries.size() + doors.internal.size() + doors.http.size() + doors.zmq.size();
    },
    /** @returns false if the queue is full */
    push(job: T): boolean {
      if (isFull(job.door, job.weight)) return false;
      queues[job.weight].doors[job.door].add(job);
      return true;
    },
    /** Queues a retry ahead of all other jobs, regardless of the limit. */
    pushRetry: (job: T) => void queues[job.weight].retries.add(job),
    shift(weight: Weight): T | undefined {
      const queue = queues[weight];
      const { retries, doors, nextDoor } = queue;
      const first = retries.shift() ?? doors.internal.shift();
      if (first !== undefined) return first;
      queue.nextDoor = nextDoor === 'http' ? 'zmq' : 'http';
      return doors[nextDoor].shift() ?? doors[queue.nextDoor].shift();
    },
    delete(job: T): void {
      const { retries, doors } = queues[job.weight];
      retries.delete(job);
      doors[job.door].delete(job);
    },
  };
}

/** Creates a FIFO with constant-time deletion from anywhere. */
function createFifo<T>() {
  const members = new Set<T>();
  // Reused: a new iterator would skip over every slot already vacated.
  let order = members.values();

  return {
    size: () => members.size,
    add: (member: T) => void members.add(member),
    delete: (member: T) => members.delete(member),
    shift(): T | undefined {
      let step = order.next();
      if (step.done) {
        // An exhausted iterator does not see members added later.
        order = members.values();
        step = order.next();
      }
      if (step.value !== undefined) members.delete(step.value);
      return step.value;
    },
  };
}
