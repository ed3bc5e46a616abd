import { type Context, Reply } from 'zeromq';
import type { Logger } from '../../log.ts';

export interface ZapOptions {
  context: Context;
  /** Public CURVE keys in hex; undefined admits all. */
  clientKeys: ReadonlySet<string> | undefined;
  hasTooMany(address: string): boolean;
  /** @param address IP address; empty over ipc */
  onAdmitted(address: string): void;
  log: Logger;
}

/** ZAP handler (ZeroMQ RFC 27), asked about each connection of a context. Bind before the context's sockets. */
export async function openZapHandler({ context, clientKeys, hasTooMany, onAdmitted, log }: ZapOptions): Promise<Reply> {
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');

  function decide(address: string, mechanism: string, key: Buffer | undefined): [status: string, text: string] {
    // libzmq's clients reconnect after a 300, never after a 400.
    if (hasTooMany(address)) return ['300', 'too many connections'];
    const isKnown = !clientKeys || (mechanism === 'CURVE' && clientKeys.has(key?.toString('hex') ?? ''));
    return isKnown ? ['200', 'OK'] : ['400', 'unknown CURVE key'];
  }

  async function answerAll(): Promise<void> {
    for await (const [version = '', requestId = '', , address, , mechanism, key] of socket) {
      const [status, text] = decide(String(address), String(mechanism), key);
      if (status === '200') onAdmitted(String(address));
      else log.warn({ peer: String(address), reason: text }, 'peer cut off');
      await socket.send([version, requestId, status, text, '', '']);
    }
  }
  answerAll().catch((error) => {
    if (!socket.closed) log.error({ err: error }, 'ZAP handler failed');
  });
  return socket;
}
