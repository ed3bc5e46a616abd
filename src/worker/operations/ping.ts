import { readFileSync } from 'node:fs';
import { codecs } from '../images/sharp.ts';
import type { Operation } from './operation.ts';

export function createPing(): Operation<'ping'> {
  // Same depth in src and dist.
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const fields = { version: `${version}+${codecs}` };
  return async () => ({ fields });
}
