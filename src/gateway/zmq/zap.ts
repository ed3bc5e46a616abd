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
const failure = '400';

/** Binds the ZAP handler of a context. It has to be bound before the sockets that it admits connections for. */
export async function openZapHandler({ context, curve, hasTooMany, onAdmitted, log }: ZapOptions): Promise<ZapHandler> {
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');

  function refusal(mechanism: string, key: Buffer | undefined): string | undefined {
    if (hasTooMany()) return 'too many connections';
    const isKnown = curve === undefined || (mechanism === 'CURVE' && curve.clientKeys.has(key?.toString('hex') ?? ''));
    return isKnown ? undefined : 'unknown CURVE key';
  }

  async function answerAll(): Promise<void> {
    for await (const [version = '', requestId = '', , address, , mechanism, key] of socket) {
      const refused = refusal(String(mechanism), key);
      if (refused === undefined) onAdmitted(String(address));
      else log.warn({ peer: String(address), reason: refused }, 'peer cut off');
      await socket.send([version, requestId, refused === undefined ? success : failure, refused ?? 'OK', '', '']);
    }
  }
  answerAll().catch((error) => {
    if (!socket.closed) log.error({ err: error }, 'ZAP handler failed');
  });
  return { close: () => socket.close() };
}
