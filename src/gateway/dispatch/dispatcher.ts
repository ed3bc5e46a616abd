import type { RequestError } from '../../contract/errors.ts';
import type { Weight } from '../../contract/operations.ts';
import type { Logger } from '../../log.ts';
import { callerGone, deadlinePassed, quarantined, queueFull, shuttingDown, tookTooLong, workerLost } from './errors.ts';
import type { Door, Job, QueuedJob } from './job.ts';
import type { Lane } from './lane.ts';
import { createPool, type Death, type Host, type LaneHost } from './pool.ts';
import { createQuarantine, type Quarantine, type Verdict } from './quarantine.ts';
import { createQueue } from './queue.ts';
import { createSuspects } from './suspects.ts';

/**
 * Assigns each job to a free lane of a worker or another node, and retries it once if that lane is lost. Workers that
 * the gateway kills for a reason other than this job do not count.
 */
export interface Dispatcher {
  /**
   * @returns frames of the worker's reply, which may be an error
   * @throws RequestError `timeout`, `overloaded`, `shutting_down`, `worker_lost`, `unprocessable_image`
   */
  dispatch(job: Job): Promise<Buffer[]>;
  /**
   * Rejects a request early; counted as a refusal.
   * @throws RequestError `overloaded` while the queue is full
   */
  checkQueue(door: Door, weight: Weight): void;
  attach(host: LaneHost): void;
  /** Stops assigning jobs to a host. Resolves when it has none left or has ended. */
  retire(host: LaneHost): Promise<void>;
  /** For monitoring. */
  stats(): DispatcherStats;
  /** Answers every unfinished job with `shutting_down`. */
  close(): void;
}

export interface DispatcherStats {
  queued: Record<Weight, number>;
  lanes: Record<Weight, { free: number; busy: number }>;
  /** Jobs retried after a loss, in total. */
  retries: number;
  /** Requests refused because the queue was full, in total. */
  refused: Readonly<Record<Door, number>>;
}

export interface DispatcherOptions {
  queueLimit: number;
  /** Milliseconds a worker may spend on one job before it is killed and replaced. */
  timeoutMs: number;
  log: Logger;
  quarantine?: Quarantine;
  onReply?: (frames: readonly Buffer[]) => void;
}

const maxTries = 2;

/** Creates a dispatcher without workers: `attach` adds them, and they leave when they end. */
export function createDispatcher({
  queueLimit,
  timeoutMs,
  log,
  quarantine = createQuarantine(),
  onReply = () => {},
}: DispatcherOptions): Dispatcher {
  const pool = createPool();
  const jobs = new Set<QueuedJob>();
  const queue = createQueue<QueuedJob>(queueLimit);
  const suspects = createSuspects(pool, queueLimit);
  /** Shared: capturing a stack per refusal is too slow during a flood. */
  const overloaded = queueFull(queueLimit);
  const refused = { http: 0, zmq: 0, internal: 0 };
  let retries = 0;

  function settle(job: QueuedJob, outcome: Buffer[] | RequestError): void {
    if (job.settled) return;
    job.settled = true;
    jobs.delete(job);
    queue.delete(job);
    suspects.delete(job);
    const isReply = Array.isArray(outcome);
    job.timings.leave(performance.now(), !isReply);
    if (isReply) job.resolve(outcome);
    else job.reject(outcome);
  }

  function pump(weight: Weight): void {
    for (;;) {
      const host = pool.freeFor(weight);
      const job = host && queue.shift(weight);
      if (!job) return;
      void run(host, job);
    }
  }

  function pumpSuspects(): void {
    const next = suspects.shift();
    if (next !== undefined) void run(next.host, next.job);
  }

  function pumpAll(): void {
    pumpSuspects();
    pump('light');
    pump('heavy');
  }

  async function run(host: Host, job: QueuedJob): Promise<void> {
    const lane = host.free[job.weight].pop() as Lane;
    pool.assign(host, job);
    job.timings.enter('lane', performance.now());
    const killTimer = setTimeout(() => {
      job.overran = true;
      host.laneHost.kill(`over ${timeoutMs} ms with request ${job.requestId}`);
    }, timeoutMs);
    try {
      const reply = await lane.exchange(job.frames);
      pool.release(host, job);
      host.free[job.weight].push(lane);
      settle(job, reply);
      if (host.inFlight.size === 0) host.onRetired?.();
      onReply(reply);
      if (job.subject !== undefined) quarantine.clearSuspect(job.subject);
      pumpAll();
    } catch (error) {
      // If the worker is gone, detach() handles its jobs. If only the lane failed, its socket must not be reused.
      if (pool.has(host)) {
        log.error({ err: error, worker: host.laneHost.name }, 'lane failed');
        host.laneHost.kill('a lane failed');
      }
    } finally {
      clearTimeout(killTimer);
    }
  }

  async function detach(host: Host, death: Death): Promise<void> {
    pool.remove(host);
    host.onRetired?.();
    const lost = [...host.inFlight];
    const isAlone = lost.length === 1;
    for (const job of lost) {
      // When the gateway killed the worker, only the job over its time limit is charged with the loss.
      if (death !== 'killed' || job.overran) job.losses += 1;
      try {
        await blame(job, death, isAlone);
      } catch (error) {
        log.error({ err: error, request_id: job.requestId }, 'quarantine failed');
      }
    }
    pumpAll();
  }

  /** Settles or retries a job whose worker was lost, and quarantines it if it is to blame. */
  async function blame(job: QueuedJob, death: Death, isAlone: boolean): Promise<void> {
    const { subject, requestId } = job;
    const isGuilty = death === 'crash' && isAlone && job.isSuspect;
    // Before any await: a failure to hash the image must not leave the job unanswered.
    settleOrRetry(job, death, isGuilty);
    if (subject === undefined) return;
    if (job.overran && death === 'killed') await quarantine.markSlow(subject);
    else if (isGuilty) {
      log.warn({ request_id: requestId, work: subject.work }, 'work quarantined');
      await quarantine.markCrashing(subject);
    } else if (death === 'crash') await quarantine.markSuspect(subject);
  }

  function settleOrRetry(job: QueuedJob, death: Death, isGuilty: boolean): void {
    if (job.settled) return;
    if (job.overran) settle(job, deadlinePassed());
    else if (isGuilty && job.subject !== undefined) settle(job, quarantined());
    else if (job.losses >= maxTries) settle(job, workerLost());
    else {
      log.info({ request_id: job.requestId, death }, 'request is tried again');
      retries += 1;
      job.timings.enter('queue', performance.now());
      if (death === 'crash' || job.isSuspect) suspects.pushRetry(job);
      else queue.pushRetry(job);
    }
  }

  function admit(job: QueuedJob, verdict: Verdict): void {
    if (job.settled) return;
    if (verdict === 'crashes') settle(job, quarantined());
    else if (verdict === 'slow') settle(job, tookTooLong());
    else if (verdict === 'suspect' && suspects.push(job)) pumpSuspects();
    else if (verdict === 'clear' && queue.push(job)) pump(job.weight);
    else settle(job, refuse(job.door));
  }

  function refuse(door: Door): RequestError {
    refused[door] += 1;
    return overloaded;
  }

  return {
    dispatch(job) {
      return new Promise((resolve, reject) => {
        const arrivedAt = performance.now();
        const remaining = job.deadline - arrivedAt;
        const timer = setTimeout(() => settle(queued, deadlinePassed()), remaining);
        const onAbort = () => settle(queued, callerGone());
        const cleanUp = () => {
          clearTimeout(timer);
          job.signal.removeEventListener('abort', onAbort);
        };
        job.timings.enter('queue', arrivedAt);
        const initial = { settled: false, losses: 0, isSuspect: false, overran: false };
        const queued: QueuedJob = {
          ...job,
          ...initial,
          resolve(reply) {
            cleanUp();
            resolve(reply);
          },
          reject(error) {
            cleanUp();
            reject(error);
          },
        };
        jobs.add(queued);
        job.signal.addEventListener('abort', onAbort);
        if (remaining <= 0) return settle(queued, deadlinePassed());
        if (job.signal.aborted) return onAbort();
        const verdict = job.subject === undefined ? 'clear' : quarantine.check(job.subject);
        if (typeof verdict === 'string') return admit(queued, verdict);
        verdict.then((later) => admit(queued, later)).catch((error) => settle(queued, error));
      });
    },
    checkQueue(door, weight) {
      if (queue.isFull(door, weight)) throw refuse(door);
    },
    attach(laneHost) {
      const host = pool.add(laneHost);
      void laneHost.ended.then((death) => detach(host, death));
      pumpAll();
    },
    retire(laneHost) {
      return new Promise((resolve) => {
        const host = pool.find(laneHost);
        if (host === undefined) return resolve();
        host.onRetired = resolve;
        if (host.inFlight.size === 0) resolve();
        // The next suspect may have been waiting for this host.
        pumpSuspects();
      });
    },
    stats: () => ({
      queued: {
        light: queue.size('light') + suspects.size('light'),
        heavy: queue.size('heavy') + suspects.size('heavy'),
      },
      lanes: pool.lanes(),
      retries,
      refused,
    }),
    close() {
      for (const job of [...jobs]) settle(job, shuttingDown());
    },
  };
}
