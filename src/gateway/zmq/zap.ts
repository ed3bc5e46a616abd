import { type Context, Reply } from 'zeromq';
import type { Logger } from '../../log.ts';
import type { ApiKeys, Caller } from '../access/api-keys.ts';
import type { Admission } from './peers.ts';

export interface ZapOptions {
  context: Context;
  keys: Pick<ApiKeys, 'ofCurveKey' | 'anyone'>;
  /** Whether clients without a CURVE key are admitted. */
  isOpen: boolean;
  hasTooMany(address: string): boolean;
  /** Resolves when all connections admitted before have become peers or have gone. */
  settled(): Promise<void>;
  onAdmitted(admission: Admission): void;
  log: Logger;
}

type Verdict = [status: '200' | '300' | '400', text: string, caller?: Caller];

/**
 * Opens a ZAP handler (ZeroMQ RFC 27), which decides on each connection of a context. Open it before binding sockets.
 */
export async function openZapHandler(options: ZapOptions): Promise<Reply> {
  const { context, keys, isOpen, hasTooMany, settled, onAdmitted, log } = options;
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');

  function decide(address: string, mechanism: string, key: Buffer | undefined): Verdict {
    // libzmq clients reconnect after a 300, but not after a 400.
    if (hasTooMany(address)) return ['300', 'too many connections'];
    const caller = mechanism === 'CURVE' ? keys.ofCurveKey(key?.toString('hex') ?? '') : isOpen && keys.anyone;
    if (!caller) return ['400', 'unknown CURVE key'];
    return ['200', 'OK', caller];
  }

  async function answerAll(): Promise<void> {
    for await (const [version = '', requestId = '', , address, , mechanism, key] of socket) {
      if (!isOpen) await settled();
      const [status, text, caller] = decide(String(address), String(mechanism), key);
      if (caller) onAdmitted({ address: String(address), caller });
      else log.warn({ peer: String(address), reason: text }, 'peer cut off');
      await socket.send([version, requestId, status, text, '', '']);
    }
  }
  answerAll().catch((error) => {
    if (!socket.closed) log.error({ err: error }, 'ZAP handler failed');
  });
  return socket;
}
