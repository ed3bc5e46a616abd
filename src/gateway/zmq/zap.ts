import { type Context, Reply } from 'zeromq';
import type { Logger } from '../../log.ts';

export interface ZapOptions {
  context: Context;
  /** Public CURVE keys in hex of the clients to let in; all are without. */
  clientKeys: ReadonlySet<string> | undefined;
  hasTooMany(): boolean;
  /** @param address IP address of the peer; empty over ipc */
  onAdmitted(address: string): void;
  log: Logger;
}

/**
 * Binds the handler that libzmq asks about each connection of a context during its handshake, over ZAP (ZeroMQ RFC 27).
 * Has to be bound before the sockets of the context.
 */
export async function openZapHandler({ context, clientKeys, hasTooMany, onAdmitted, log }: ZapOptions): Promise<Reply> {
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');

  function decide(mechanism: string, key: Buffer | undefined): [status: string, text: string] {
    // libzmq's clients connect again after a 300, and never after a 400.
    if (hasTooMany()) return ['300', 'too many connections'];
    const isKnown = !clientKeys || (mechanism === 'CURVE' && clientKeys.has(key?.toString('hex') ?? ''));
    return isKnown ? ['200', 'OK'] : ['400', 'unknown CURVE key'];
  }

  async function answerAll(): Promise<void> {
    for await (const [version = '', requestId = '', , address, , mechanism, key] of socket) {
      const [status, text] = decide(String(mechanism), key);
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
