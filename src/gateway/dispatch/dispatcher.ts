import { RequestError } from '../../contract/errors.ts';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import { timedOut } from '../errors.ts';
import type { Input } from '../input.ts';
import type { Times } from '../times.ts';
import type { Lane } from './lane.ts';
import { createPool, type Host } from './pool.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { createQueue } from './queue.ts';
import { quarantined, type Task, workerLost } from './task.ts';
import type { Death } from './worker-process.ts';

export type Door = 'http' | 'zmq';

/** A request on its way to a worker. */
export interface Job {
  /** The request as the worker gets it: JSON, and an image where there is one. */
  frames: Buffer[];
  weight: Weight;
  door: Door;
  /** The image that is decoded for it, where there is one. */
  input?: Input | undefined;
  requestId: string | undefined;
  /** When it has to be answered, on the clock of `performance.now()`. */
  deadline: number;
  /** Aborted when its caller has gone. */
  signal?: AbortSignal;
  /** Gets the time that the job waited and that its worker took. */
  times?: Times;
}

/** A worker, as far as it matters here: lanes that live and die together. */
export interface LaneHost {
  readonly name: string;
  readonly lanes: readonly Lane[];
  readonly ended: Promise<Death>;
  kill(reason: string): void;
}

export interface Dispatcher {
  /**
   * Has a worker do a job.
   * @returns the frames of the worker's reply, errors of its own included
   * @throws RequestError `timeout`, `overloaded`, `shutting_down`, `worker_lost`, `unprocessable_image`
   */
  dispatch(job: Job): Promise<Buffer[]>;
  /** What a new job would be refused with, were so many like it let in before: where that fills the lanes and the queue. */
  refusal(door: Door, weight: Weight, before: number): RequestError | undefined;
  /** Takes a worker's lanes into use, until it ends. */
  attach(host: LaneHost): void;
  /** Notes that a worker ended before it could be attached: no image was the cause of that. */
  lostAtStart(): void;
  /** Resolves when no job is waiting or in flight. */
  idle(): Promise<void>;
  /** Answers everything that is not done yet with `shutting_down`. */
  close(): void;
}

export interface DispatcherOptions {
  /** Most jobs that wait at one door. */
  queueLimit: number;
  /** Milliseconds that a worker may spend on one job before it is replaced. */
  timeoutMs: number;
  log: Logger;
  quarantine?: Quarantine;
}

/** A job whose workers were lost is tried this often in all. */
const maxTries = 2;

export function createDispatcher({
  queueLimit,
  timeoutMs,
  log,
  quarantine = createQuarantine(),
}: DispatcherOptions): Dispatcher {
  const pool = createPool();
  const tasks = new Set<Task>();
  const queue = createQueue<Task>(queueLimit);
  /** Jobs that a worker crashed with: each is tried again alone on a worker, so that no other is blamed for it. */
  const suspects: Task[] = [];
  /** Made once: where it is thrown, there is no time to trace a stack. */
  const overloaded = new RequestError('overloaded', `Expected at most ${queueLimit} waiting requests; try again later`);
  let idleWaiters: (() => void)[] = [];

  function settle(task: Task, outcome: Buffer[] | RequestError): void {
    if (task.settled) return;
    task.settled = true;
    tasks.delete(task);
    queue.delete(task);
    if (outcome instanceof RequestError) task.reject(outcome);
    else task.resolve(outcome);
    if (tasks.size > 0) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters = [];
  }

  function pump(weight: Weight): void {
    for (;;) {
      const host = pool.freeFor(weight);
      const task = host && queue.shift(weight);
      if (!task) return;
      void run(host, task);
    }
  }

  /** Sets a worker aside for the next suspect, and starts it there once the worker has nothing else to do. */
  function pumpSuspects(): void {
    while (suspects[0]?.settled) suspects.shift();
    const reserved = pool.isolated();
    if (suspects.length === 0) {
      if (reserved?.inFlight.size === 0) reserved.isolated = false;
      return;
    }
    const host = reserved ?? pool.leastBusy();
    if (!host) return;
    host.isolated = true;
    if (host.inFlight.size === 0) void run(host, suspects.shift() as Task);
  }

  function pumpAll(): void {
    pumpSuspects();
    pump('light');
    pump('heavy');
  }

  async function run(host: Host, task: Task): Promise<void> {
    const lane = host.free[task.weight].pop() as Lane;
    host.inFlight.add(task);
    const started = performance.now();
    const overdue = setTimeout(() => {
      task.overdue = true;
      host.worker.kill(`over ${timeoutMs} ms with request ${task.requestId}`);
    }, timeoutMs);
    try {
      const reply = await lane.exchange(task.frames);
      if (task.times) {
        task.times.queue += started - task.arrived;
        task.times.work += performance.now() - started;
      }
      host.inFlight.delete(task);
      host.free[task.weight].push(lane);
      settle(task, reply);
      if (task.input !== undefined) quarantine.clear(task.input);
      pumpAll();
    } catch (error) {
      // The lane is closed when its worker has ended, and the job is seen to then; before that it must not be used again.
      if (pool.has(host)) {
        log.error({ err: error, worker: host.worker.name }, 'lane failed');
        host.worker.kill('a lane failed');
      }
    } finally {
      clearTimeout(overdue);
    }
  }

  async function detach(host: Host, death: Death): Promise<void> {
    pool.remove(host);
    const lost = [...host.inFlight];
    // Of the jobs on a worker that we killed, only the one over its time had a part in it.
    const involved = death === 'killed' ? lost.filter(({ overdue }) => overdue) : lost;
    for (const task of involved) {
      task.losses += 1;
      if (death === 'crash') task.crashes += 1;
    }
    const held = await judge(involved);
    for (const task of lost) decide(task, held.has(task), death);
    pumpAll();
  }

  /** Finds those of the jobs on a lost worker whose input is kept away from now on. */
  async function judge(involved: readonly Task[]): Promise<Set<Task>> {
    const withInput = involved.filter((task) => task.input !== undefined);
    const held = await quarantine.lost(withInput.map(({ input }) => input as Input));
    const condemned = new Set(withInput.filter((_, index) => held[index]));
    for (const task of withInput) {
      // The second crash happened with this job alone on the worker.
      if (task.crashes < maxTries) continue;
      await quarantine.condemn(task.input as Input);
      condemned.add(task);
    }
    return condemned;
  }

  /** Decides what becomes of a job whose worker was lost. */
  function decide(task: Task, isHeld: boolean, death: Death): void {
    if (isHeld) log.warn({ request_id: task.requestId, crashes: task.crashes }, 'input quarantined');
    if (task.settled) return;
    if (isHeld) settle(task, quarantined());
    else if (task.losses >= maxTries) {
      settle(task, workerLost());
    } else {
      log.info({ request_id: task.requestId, death }, 'request is tried again');
      if (task.crashes > 0) suspects.push(task);
      else queue.pushFront(task);
    }
  }

  /** Lets a job in and starts or queues it. */
  function admit(task: Task): void {
    if (task.settled) return;
    if (!queue.push(task)) {
      settle(task, overloaded);
    } else pump(task.weight);
  }

  return {
    dispatch(job) {
      return new Promise((resolve, reject) => {
        const arrived = performance.now();
        const remaining = job.deadline - arrived;
        const timer = setTimeout(() => settle(task, timedOut()), remaining);
        const onAbort = () => settle(task, new RequestError('timeout', 'The caller has gone'));
        const stop = () => {
          clearTimeout(timer);
          job.signal?.removeEventListener('abort', onAbort);
        };
        const task: Task = {
          ...job,
          arrived,
          settled: false,
          losses: 0,
          crashes: 0,
          overdue: false,
          resolve(reply) {
            stop();
            resolve(reply);
          },
          reject(error) {
            stop();
            reject(error);
          },
        };
        tasks.add(task);
        job.signal?.addEventListener('abort', onAbort);
        if (remaining <= 0) return settle(task, timedOut());
        if (job.signal?.aborted) return onAbort();
        const held = job.input === undefined ? false : quarantine.holds(job.input);
        if (held === false) return admit(task);
        Promise.resolve(held).then((isHeld) => (isHeld ? settle(task, quarantined()) : admit(task)), reject);
      });
    },
    refusal(door, weight, before) {
      const waiting = Math.max(0, before - pool.free(weight));
      return queue.isFull(door, waiting) ? overloaded : undefined;
    },
    attach(worker) {
      const host = pool.add(worker);
      void worker.ended.then((death) => detach(host, death));
      pumpAll();
    },
    lostAtStart: () => void quarantine.lost([]),
    idle() {
      return new Promise((resolve) => {
        if (tasks.size === 0) resolve();
        else idleWaiters.push(resolve);
      });
    },
    close() {
      for (const task of tasks) settle(task, new RequestError('shutting_down', 'The server is shutting down'));
    },
  };
}
