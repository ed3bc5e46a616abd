import { createPrivateKey, createPublicKey } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const digitsPerGroup = 5;
const maxUint32 = 0xffff_ffff;

/** Whether the text is a CURVE key in Z85 (ZeroMQ RFC 32): 32 bytes in 40 characters. */
export function isZ85Key(text: string): boolean {
  return text.length === 40 && groupsOf(text).every((value) => value <= maxUint32);
}

/** Decodes valid Z85. */
export function decodeZ85(text: string): Buffer {
  const groups = groupsOf(text);
  const bytes = Buffer.alloc(groups.length * 4);
  for (const [index, value] of groups.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function encodeZ85(bytes: Buffer): string {
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const value = bytes.readUInt32BE(offset);
    for (let placeValue = 85 ** (digitsPerGroup - 1); placeValue >= 1; placeValue /= 85)
      text += alphabet[Math.floor(value / placeValue) % 85];
  }
  return text;
}

/** PKCS #8 header (RFC 8410) of a 32-byte X25519 key. */
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Derives the public key from a valid secret key, both in Z85. CURVE keys are X25519 keys. */
export function curvePublicKey(secretKey: string): string {
  const der = Buffer.concat([pkcs8Prefix, decodeZ85(secretKey)]);
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return encodeZ85(Buffer.from(x, 'base64url'));
}

/** Decodes each five base-85 digits to a four-byte value; an invalid digit makes it infinite. */
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
