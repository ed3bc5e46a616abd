import { Request } from 'zeromq';
import { closeWith, type Owner } from './owner.ts';

/** A reply: its JSON and the image frame, if any. */
export interface ZmqReply {
  json: Record<string, unknown>;
  image: Buffer | undefined;
  frames: Buffer[];
}

export interface ZmqClient {
  /** Sends a request, objects as JSON, and waits for its reply. */
  call(request: object | string | Buffer, ...frames: Buffer[]): Promise<ZmqReply>;
}

interface CurveOptions {
  curveServerKey?: string;
  curvePublicKey?: string;
  curveSecretKey?: string;
}

/** Connects an ordinary REQ socket; a reply that takes longer than 30 s is an error. */
export function connectZmq(t: Owner, endpoint: string, options: CurveOptions = {}): ZmqClient {
  const socket = new Request({ linger: 0, receiveTimeout: 30_000, ...options });
  socket.connect(endpoint);
  closeWith(t, () => socket.close());
  return {
    async call(request, ...more) {
      const first = typeof request === 'string' || Buffer.isBuffer(request) ? request : JSON.stringify(request);
      await socket.send([first, ...more]);
      const frames = await socket.receive();
      return { json: JSON.parse(String(frames[0])), image: frames[1], frames };
    },
  };
}
