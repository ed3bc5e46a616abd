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
    retries: createFifo<T>(),
    doors: { internal: createFifo<T>(), http: createFifo<T>(), zmq: createFifo<T>() },
    turn: 'http' as 'http' | 'zmq',
  });
  const queues = { light: create(), heavy: create() };

  const isFull = (door: Door, weight: Weight) => door !== 'internal' && queues[weight].doors[door].size() >= limit;

  return {
    isFull,
    /** Jobs of all doors that wait, retries included. */
    size(weight: Weight): number {
      const { retries, doors } = queues[weight];
      return retries.size() + doors.internal.size() + doors.http.size() + doors.zmq.size();
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
      const first = retries.shift() ?? doors.internal.shift();
      if (first !== undefined) return first;
      queue.turn = turn === 'http' ? 'zmq' : 'http';
      return doors[turn].shift() ?? doors[queue.turn].shift();
    },
    delete(job: T): void {
      const { retries, doors } = queues[job.weight];
      retries.delete(job);
      doors[job.door].delete(job);
    },
  };
}

/** Creates a queue whose members can be deleted, each step as quick in a long one. */
function createFifo<T>() {
  const members = new Set<T>();
  // Kept: a new iterator passes over all places of members that were taken before.
  let order = members.values();

  return {
    size: () => members.size,
    add: (member: T) => void members.add(member),
    delete: (member: T) => members.delete(member),
    shift(): T | undefined {
      let step = order.next();
      if (step.done) {
        // An iterator that has ended sees no later members.
        order = members.values();
        step = order.next();
      }
      if (step.value !== undefined) members.delete(step.value);
      return step.value;
    },
  };
}
