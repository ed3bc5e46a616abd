import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectZmq, type ZmqClient } from '../../helpers/zmq-client.ts';
import { rate } from '../measure.ts';
import { type Kind, uploaded } from './uploaded.ts';

// A client of uploads alone, each of other bytes. Arguments: the addresses of both doors.

export interface Uploads {
  door: 'http' | 'zmq';
  kind: Kind;
  count: number;
  atOnce: number;
}

const [http = '', zmq = ''] = process.argv.slice(2);
const { hostname, port, host } = new URL(http);

/** Sends one request at a time over a connection that it keeps. */
type Send = (parts: [Buffer, Buffer]) => Promise<void>;

/** On a plain socket: a client that parses what comes back takes a part of the CPU that is the service's. */
async function openHttp(): Promise<Send> {
  const socket: Socket = connect(Number(port), hostname).setNoDelay();
  await once(socket, 'connect');
  return async (parts) => {
    const length = parts[0].length + parts[1].length;
    socket.cork();
    socket.write(
      `POST /images HTTP/1.1\r\nhost: ${host}\r\ncontent-type: image/jpeg\r\ncontent-length: ${length}\r\n\r\n`,
    );
    for (const part of parts) socket.write(part);
    socket.uncork();
    // The head and the few bytes of the body come at once.
    const [answer] = await once(socket, 'data');
    if (!String(answer).startsWith('HTTP/1.1 201 ')) throw new Error(`Expected 201 but received ${answer}`);
  };
}

function openZmq(): Send {
  const client: ZmqClient = connectZmq({ after() {} }, zmq);
  return async (parts) => {
    const { json } = await client.call({ operation: 'upload' }, Buffer.concat(parts));
    if (json.created !== true) throw new Error(`Expected a new image but received ${JSON.stringify(json)}`);
  };
}

const connections: Record<Uploads['door'], Send[]> = { http: [], zmq: [] };

process.on('message', async ({ door, kind, count, atOnce }: Uploads) => {
  const free = connections[door];
  while (free.length < atOnce) free.push(door === 'http' ? await openHttp() : openZmq());
  const files = Array.from({ length: count }, () => uploaded(kind));
  const perSecond = await rate(count, atOnce, async (index) => {
    const send = free.pop() as Send;
    await send(files[index] as [Buffer, Buffer]);
    free.push(send);
  });
  process.send?.({ perSecond });
});
process.send?.({});
