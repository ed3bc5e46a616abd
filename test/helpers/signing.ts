import { createHmac } from 'node:crypto';

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64url');

/** Signs a path and its parameters as docs/access.md describes. */
export function signatureOf(key: string, path: string, parameters: Record<string, unknown>): string {
  const lines = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return hmac(key, [path, ...lines.sort()].join('\n'));
}

/** An upload grant as docs/access.md describes. */
export function grantOf(key: string, fields: object): string {
  const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
  return `${payload}.${hmac(key, `grant\n${payload}`)}`;
}
