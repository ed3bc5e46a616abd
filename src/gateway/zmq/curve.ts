/**
 * @returns undefined without keys; clients' public keys in hex
 * @throws Error for a secret key without client keys, the reverse, and invalid Z85
 */
export function readCurveKeys(options: {
  curveSecretKey: string;
  curveClientKeys: readonly string[];
}): { secretKey: string; clientKeys: ReadonlySet<string> } | undefined {
  const { curveSecretKey: secretKey, curveClientKeys } = options;
  if (secretKey === '' && curveClientKeys.length === 0) return undefined;
  if (secretKey === '') throw missing('IMGWIRE_CURVE_SECRET_KEY', 'IMGWIRE_CURVE_CLIENT_KEYS');
  if (curveClientKeys.length === 0) throw missing('IMGWIRE_CURVE_CLIENT_KEYS', 'IMGWIRE_CURVE_SECRET_KEY');
  decodeZ85(secretKey, 'IMGWIRE_CURVE_SECRET_KEY');
  const clientKeys = curveClientKeys.map((key) => decodeZ85(key, 'IMGWIRE_CURVE_CLIENT_KEYS').toString('hex'));
  return { secretKey, clientKeys: new Set(clientKeys) };
}

const missing = (setting: string, given: string) => new Error(`Expected ${setting} with ${given} but it is missing`);

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const keyLength = 40;

/** ZeroMQ RFC 32: five characters are base-85 digits of four bytes. */
function decodeZ85(text: string, setting: string): Buffer {
  const bytes = Buffer.alloc((keyLength / 5) * 4);
  for (let group = 0; group < keyLength / 5; group += 1) {
    const digits = [...text.slice(group * 5, group * 5 + 5)].map((character) => alphabet.indexOf(character));
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    if (text.length !== keyLength || digits.includes(-1) || value > 0xffff_ffff) {
      // Not the key: it may be secret.
      throw new Error(`Expected ${setting} to hold keys of ${keyLength} Z85 characters`);
    }
    bytes.writeUInt32BE(value, group * 4);
  }
  return bytes;
}
