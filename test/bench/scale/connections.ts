import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closeWith } from '../../helpers/owner.ts';
import { connectZmq } from '../../helpers/zmq-client.ts';
import { type Bench, fetchOk, memoryOf, reportValue } from '../measure.ts';
import { startSubject } from '../subject.ts';
import { reportTimes, timed } from './figures.ts';

const httpCounts = [100, 1000, 4000];
const zmqCounts = [10, 100, 256];
const repeats = 300;
const settledMs = 500;

/** Idle connections: their memory in the gateway, and latency on an active one. */
export async function connections(bench: Bench): Promise<void> {
  for (const [door, counts] of [
    ['HTTP', httpCounts],
    ['ZeroMQ', zmqCounts],
  ] as const) {
    const subject = await startSubject(bench);
    const url = subject.unique();
    const latencies = async () => {
      const milliseconds: number[] = [];
      for (let time = 0; time < repeats; time += 1) milliseconds.push(await timed(() => fetchOk(url)));
      return milliseconds;
    };
    await latencies();
    const before = await latencies();
    const { now: atRest } = await memoryOf(subject.pid);
    let opened = 0;
    for (const count of counts) {
      // Leaves room for the connection that measures.
      for (; opened < count - 2; opened += 1) await (door === 'HTTP' ? openHttp(subject.http) : openZmq(subject.zmq));
      await delay(settledMs);
      const { now } = await memoryOf(subject.pid);
      reportTimes(bench, `result from memory with ${count} idle ${door} connections`, await latencies(), before);
      reportValue(
        bench,
        `${count} idle ${door} connections`,
        `${(((now - atRest) * 1000) / count).toFixed(0)} kB each`,
      );
    }
    await subject.stop();
  }

  /** Opens a keep-alive connection and sends one request. */
  async function openHttp(http: string): Promise<void> {
    const { port, hostname, host } = new URL(http);
    const socket = connect(Number(port), hostname);
    closeWith(bench, () => socket.destroy());
    socket.on('error', () => {});
    socket.write(`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(socket, 'data');
  }

  async function openZmq(endpoint: string): Promise<void> {
    await connectZmq(bench, endpoint).call({ operation: 'ping' });
  }
}
