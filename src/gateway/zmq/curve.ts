/** Keys of the CURVE mechanism, in Z85: 40 characters each. */
export interface CurveKeys {
  secretKey: string;
  /** Public keys of the clients that are let in, as the 32 bytes in hex that ZAP gives. */
  clientKeys: ReadonlySet<string>;
}

export interface CurveOptions {
  /** Empty for none. */
  curveSecretKey: string;
  curveClientKeys: readonly string[];
}

/**
 * Reads the CURVE keys of the door.
 * @returns undefined without any
 * @throws Error for a secret key without client keys, for the reverse, and for what is not Z85
 */
export function readCurveKeys({ curveSecretKey, curveClientKeys }: CurveOptions): CurveKeys | undefined {
  const hasSecret = curveSecretKey !== '';
  if (!hasSecret && curveClientKeys.length === 0) return undefined;
  if (!hasSecret || curveClientKeys.length === 0) {
    const [given, missing] = hasSecret ? ['SECRET_KEY', 'CLIENT_KEYS'] : ['CLIENT_KEYS', 'SECRET_KEY'];
    throw new Error(`Expected IMGWIRE_CURVE_${missing} with IMGWIRE_CURVE_${given} but it is missing`);
  }
  decodeZ85(curveSecretKey, 'IMGWIRE_CURVE_SECRET_KEY');
  const clientKeys = curveClientKeys.map((key) => decodeZ85(key, 'IMGWIRE_CURVE_CLIENT_KEYS').toString('hex'));
  return { secretKey: curveSecretKey, clientKeys: new Set(clientKeys) };
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const keyLength = 40;

/** Decodes Z85 (ZeroMQ RFC 32): five characters are the digits, base 85, of four bytes. */
function decodeZ85(text: string, setting: string): Buffer {
  const bytes = Buffer.alloc((keyLength / 5) * 4);
  let isValid = text.length === keyLength;
  for (let group = 0; isValid && group < keyLength / 5; group += 1) {
    const digits = [...text.slice(group * 5, group * 5 + 5)].map((character) => alphabet.indexOf(character));
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    isValid = !digits.includes(-1) && value <= 0xffff_ffff;
    if (isValid) bytes.writeUInt32BE(value, group * 4);
  }
  // The key itself stays out of the message: it may be secret.
  if (!isValid) throw new Error(`Expected ${setting} to hold keys of ${keyLength} Z85 characters`);
  return bytes;
}
