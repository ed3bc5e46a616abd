import { readFileSync } from 'node:fs';

/** Linux's default for the largest one, and macOS's. */
const usualBytes = 4_194_304;

/** The largest buffer in which the kernel keeps what a TCP client has not read yet (tcp(7), `tcp_wmem`). */
export const sendBufferBytes: number = Math.max(usualBytes, largestOfSystem());

function largestOfSystem(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'latin1').trim().split(/\s+/)[2]) || 0;
  } catch {
    return 0;
  }
}
