import { webcrypto } from 'node:crypto';

/** Copied in one go, in well under a millisecond. */
const sliceBytes = 1_048_576;

/**
 * Hashes bytes: the SHA-256 of the SHA-256 of each slice, in hex. Slices are hashed off the event loop, which a whole
 * image would block. Not an image_id.
 */
export async function fingerprint(bytes: Buffer): Promise<string> {
  const digests: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    digests.push(await sha256(bytes.subarray(from, from + sliceBytes)));
  }
  return (await sha256(Buffer.concat(digests))).toString('hex');
}

async function sha256(bytes: Buffer): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes));
}
