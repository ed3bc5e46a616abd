import { type Context, Reply } from 'zeromq';
import type { Logger } from '../../log.ts';
import type { CurveKeys } from './curve.ts';

/** Admits connections: libzmq asks it about each during the handshake, over ZAP (ZeroMQ RFC 27). */
export interface ZapHandler {
  close(): void;
}

export interface ZapOptions {
  /** The context of the sockets that it admits connections for; one can have one handler only. */
  context: Context;
  curve: CurveKeys | undefined;
  hasTooMany(): boolean;
  /** @param address IP address of the peer; empty over ipc */
  onAdmitted(address: string): void;
  log: Logger;
}

const success = '200';
/** Closes the connection; libzmq's clients connect again after it, and never after a 400. */
const temporaryFailure = '300';
const failure = '400';

/** Binds the ZAP handler of a context. It has to be bound before the sockets that it admits connections for. */
export async function openZapHandler({ context, curve, hasTooMany, onAdmitted, log }: ZapOptions): Promise<ZapHandler> {
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');

  function decide(mechanism: string, key: Buffer | undefined): [status: string, text: string] {
    if (hasTooMany()) return [temporaryFailure, 'too many connections'];
    const isKnown = curve === undefined || (mechanism === 'CURVE' && curve.clientKeys.has(key?.toString('hex') ?? ''));
    return isKnown ? [success, 'OK'] : [failure, 'unknown CURVE key'];
  }

  async function answerAll(): Promise<void> {
    for await (const [version = '', requestId = '', , address, , mechanism, key] of socket) {
      const [status, text] = decide(String(mechanism), key);
      if (status === success) onAdmitted(String(address));
      else log.warn({ peer: String(address), reason: text }, 'peer cut off');
      await socket.send([version, requestId, status, text, '', '']);
    }
  }
  answerAll().catch((error) => {
    if (!socket.closed) log.error({ err: error }, 'ZAP handler failed');
  });
  return { close: () => socket.close() };
}
