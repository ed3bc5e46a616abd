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
