import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectZmq, type ZmqClient } from '../../helpers/zmq-client.ts';
import { measureRate } from '../measure.ts';
import { type BodyKind, uploadBody } from './upload-body.ts';

// A client that only uploads, other bytes each time. Arguments: the addresses of both doors.

export interface UploadTask {
  door: 'http' | 'zmq';
  kind: BodyKind;
  count: number;
  concurrency: number;
}

const [http = '', zmq = ''] = process.argv.slice(2);
const { hostname, port, host } = new URL(http);

/** Sends one request at a time over a persistent connection. */
type Send = (parts: [Buffer, Buffer]) => Promise<void>;

/** Uses a plain socket: an HTTP client that parses responses would take CPU away from the service. */
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
    // The head and the short body arrive in one chunk.
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

const connections: Record<UploadTask['door'], Send[]> = { http: [], zmq: [] };

process.on('message', async ({ door, kind, count, concurrency }: UploadTask) => {
  const idle = connections[door];
  while (idle.length < concurrency) idle.push(door === 'http' ? await openHttp() : openZmq());
  const files = Array.from({ length: count }, () => uploadBody(kind));
  const perSecond = await measureRate(count, concurrency, async (index) => {
    const send = idle.pop() as Send;
    await send(files[index] as [Buffer, Buffer]);
    idle.push(send);
  });
  process.send?.({ perSecond });
});
process.send?.({});
