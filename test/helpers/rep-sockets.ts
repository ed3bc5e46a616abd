import { randomUUID } from 'node:crypto';
import { Reply } from 'zeromq';

/** Computes the reply to a request. */
export type Respond = (frames: Buffer[]) => Promise<Buffer[]> | Buffer[];

/** In-process REP sockets that stand in for a worker's. */
export interface RepSockets {
  endpoints: string[];
  /** First frames of the requests received, in order. */
  received: string[];
  close(): void;
}

/** Binds `count` REP sockets; each answers with `respond`, one request at a time. */
export async function bindRepSockets(count: number, respond: Respond): Promise<RepSockets> {
  const received: string[] = [];
  const sockets: Reply[] = [];
  const endpoints: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = new Reply({ linger: 0 });
    const endpoint = `inproc://${randomUUID()}`;
    await socket.bind(endpoint);
    sockets.push(socket);
    endpoints.push(endpoint);
    void serve(socket);
  }

  async function serve(socket: Reply): Promise<void> {
    try {
      for (;;) {
        const frames = await socket.receive();
        received.push(String(frames[0]));
        await socket.send(await respond(frames));
      }
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }

  return { endpoints, received, close: () => sockets.forEach((socket) => void socket.close()) };
}
