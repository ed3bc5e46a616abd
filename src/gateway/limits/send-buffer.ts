import { readFileSync } from 'node:fs';

/** Default maximum of Linux and of macOS. */
const defaultMaxBytes = 4_194_304;

/** Maximum kernel send buffer of a TCP connection, in bytes (tcp(7), `tcp_wmem`). */
export const sendBufferBytes: number = Math.max(defaultMaxBytes, tcpWmemMax());

function tcpWmemMax(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'latin1').trim().split(/\s+/)[2]) || 0;
  } catch {
    return 0;
  }
}
