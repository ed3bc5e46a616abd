import type { Weight } from '../../contract/operations.ts';
import type { Door } from './dispatcher.ts';

interface Waiting {
  readonly weight: Weight;
  readonly door: Door;
}

/** Jobs that wait for a lane: oldest first at each door, and the doors in turn, so that a flood at one leaves the other its share. */
export interface Queue<T extends Waiting> {
  /** @param besides items that are to come before the next */
  isFull(door: Door, besides?: number): boolean;
  /** @returns false where the queue of this door is full */
  push(item: T): boolean;
  /** Puts an item that has waited already in front of all others, whatever the limit says. */
  pushFront(item: T): void;
  /** Takes the next item of a weight out. */
  shift(weight: Weight): T | undefined;
  delete(item: T): void;
}

/** @param limit most items that wait at one door */
export function createQueue<T extends Waiting>(limit: number): Queue<T> {
  const retries = { light: new Set<T>(), heavy: new Set<T>() };
  const waiting = {
    light: { http: new Set<T>(), zmq: new Set<T>() },
    heavy: { http: new Set<T>(), zmq: new Set<T>() },
  };
  const turn: Record<Weight, Door> = { light: 'http', heavy: 'http' };

  const take = (items: Set<T>): T | undefined => {
    const [first] = items;
    if (first !== undefined) items.delete(first);
    return first;
  };

  const isFull = (door: Door, besides = 0) => waiting.light[door].size + waiting.heavy[door].size + besides >= limit;

  return {
    isFull,
    push(item) {
      if (isFull(item.door)) return false;
      waiting[item.weight][item.door].add(item);
      return true;
    },
    pushFront(item) {
      retries[item.weight].add(item);
    },
    shift(weight) {
      const retry = take(retries[weight]);
      if (retry !== undefined) return retry;
      const first = turn[weight];
      const second = first === 'http' ? 'zmq' : 'http';
      turn[weight] = second;
      return take(waiting[weight][first]) ?? take(waiting[weight][second]);
    },
    delete(item) {
      retries[item.weight].delete(item);
      waiting[item.weight][item.door].delete(item);
    },
  };
}
