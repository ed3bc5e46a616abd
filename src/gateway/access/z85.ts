import { createPrivateKey, createPublicKey } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const digitsPerGroup = 5;
const largest = 0xffff_ffff;

/** Whether this is a CURVE key in Z85 (ZeroMQ RFC 32): 40 characters for 32 bytes. */
export function isZ85Key(text: string): boolean {
  return text.length === 40 && groupsOf(text).every((value) => value <= largest);
}

/** Of a valid text. */
export function decodeZ85(text: string): Buffer {
  const groups = groupsOf(text);
  const bytes = Buffer.alloc(groups.length * 4);
  for (const [index, value] of groups.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function encodeZ85(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const value = bytes.readUInt32BE(at);
    for (let place = 85 ** (digitsPerGroup - 1); place >= 1; place /= 85)
      text += alphabet[Math.floor(value / place) % 85];
  }
  return text;
}

/** PKCS #8 (RFC 8410) before the 32 bytes of an X25519 key. */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The public key of a valid secret one, both in Z85. CURVE keys are X25519 keys. */
export function curvePublicKey(secretKey: string): string {
  const der = Buffer.concat([pkcs8Head, decodeZ85(secretKey)]);
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return encodeZ85(Buffer.from(x, 'base64url'));
}

/** Five characters are base-85 digits of four bytes; infinite for another character. */
function groupsOf(text: string): number[] {
  return Array.from({ length: Math.ceil(text.length / digitsPerGroup) }, (_, group) => {
    let value = 0;
    for (const character of text.slice(group * digitsPerGroup, (group + 1) * digitsPerGroup)) {
      const digit = alphabet.indexOf(character);
      value = digit === -1 ? Number.POSITIVE_INFINITY : value * 85 + digit;
    }
    return value;
  });
}
