import { webcrypto } from 'node:crypto';

/** Lowercase hex; webcrypto runs off the event loop. */
export async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
