import { readFileSync } from 'node:fs';
import { codecs } from '../images/sharp.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createPing({ store }: OperationContext): Operation<'ping'> {
  // Same depth in src and dist.
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const fields = { version: `${version}+${codecs}` };
  return async (_request, _image, stages, signal) => {
    await stages.run('store', () => store.ready(signal));
    return { fields };
  };
}
