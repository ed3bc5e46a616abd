import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createDispatcher } from '../../../src/gateway/dispatch/dispatcher.ts';
import { createLane } from '../../../src/gateway/dispatch/lane.ts';
import { Timings } from '../../../src/gateway/service/timings.ts';
import { closeWith } from '../../helpers/owner.ts';
import { type Bench, measureRate, median, startReference } from '../measure.ts';

const lanes = 32;
const goal = 8000;

/** The dispatcher alone: in place of workers, REP sockets in another process answer at once. */
export async function dispatching(bench: Bench): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'imgwire-bench-'));
  closeWith(bench, () => rm(folder, { recursive: true, force: true }));
  const endpoints = Array.from({ length: lanes }, (_, index) => `ipc://${join(folder, String(index))}`);
  await startReference(bench, 'rep-stubs', endpoints);
  const dispatcher = createDispatcher({ queueLimit: 100_000, timeoutMs: 10_000, log: pino({ level: 'silent' }) });
  const opened = endpoints.map((endpoint) => createLane(endpoint, 'light'));
  closeWith(bench, () => {
    for (const lane of opened) lane.close();
  });
  dispatcher.attach({ name: 'stubs', lanes: opened, ended: new Promise(() => {}), kill() {} });

  const frames = [Buffer.from(JSON.stringify({ operation: 'ping', request_id: 'bench' }))];
  const turn = () =>
    measureRate(10_000, 4 * lanes, () =>
      dispatcher.dispatch({
        frames,
        weight: 'light',
        door: 'http',
        subject: undefined,
        requestId: 'bench',
        deadline: performance.now() + 10_000,
        signal: new AbortController().signal,
        timings: new Timings(),
      }),
    );
  await turn();
  const rates: number[] = [];
  for (let round = 0; round < bench.rounds; round += 1) rates.push(await turn());
  bench.report({
    what: `jobs per second through the dispatcher, ${lanes} lanes to REP stubs`,
    ours: `${median(rates).toFixed(0)} /s`,
    reference: '',
    result: median(rates).toFixed(0),
    goal: `≥ ${goal}`,
    met: median(rates) >= goal,
  });
}
