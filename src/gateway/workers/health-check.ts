import { randomUUID } from 'node:crypto';
import type { Ask } from './requests.ts';

/** Milliseconds between two pings. */
const intervalMs = 1000;
/** A worker's answer counts this long, in milliseconds. */
const freshMs = 5000;

/** Asks the workers regularly whether they answer, in the way that every request takes. */
export interface Pulse {
  /** Whether a worker answered lately. */
  isFresh(): boolean;
  /** What the workers said of their version, once one has answered. */
  version(): string | undefined;
  /** Resolves after the first answer. */
  start(): Promise<void>;
  stop(): void;
}

export function createPulse(ask: Ask): Pulse {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let version: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    const { reply } = await ask({ operation: 'ping' }, { requestId: `ping-${randomUUID()}` });
    answeredAt = performance.now();
    version = reply.version;
  }

  return {
    isFresh: () => performance.now() - answeredAt < freshMs,
    version: () => version,
    async start() {
      await beat();
      // A ping without an answer shows in that there is no fresh one.
      timer = setInterval(() => beat().catch(() => {}), intervalMs);
    },
    stop: () => clearInterval(timer),
  };
}
