import type { Owner } from '../../helpers/owner.ts';
import { connections, type Turn } from '../load/wrk.ts';
import { startReference } from '../measure.ts';
import type { Contender } from './contender.ts';
import { niceness } from './peer-process.ts';

/** sharp in a process of its own, reading the files, with the product's own settings of encoders and nothing around it. */
export async function startSharp(owner: Owner, folder: string): Promise<Contender> {
  const { child, ask } = await startReference(owner, 'sharp', [folder], niceness);
  return {
    name: 'bare sharp',
    pid: child.pid as number,
    async prepare() {},
    run: (pictures, seconds) => ask<Turn>({ pictures, seconds, atOnce: connections }),
    async one(picture) {
      const { base64 } = await ask<{ base64: string }>({ picture });
      return Buffer.from(base64, 'base64');
    },
  };
}
