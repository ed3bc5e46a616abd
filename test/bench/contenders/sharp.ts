import type { Owner } from '../../helpers/owner.ts';
import { connections, type RunResult } from '../load/wrk.ts';
import { startReference } from '../measure.ts';
import type { Contender } from './contender.ts';
import { niceness } from './peer-process.ts';

/** Starts bare sharp in a process of its own, which reads the files and encodes with imgwire's settings. */
export async function startSharp(owner: Owner, folder: string): Promise<Contender> {
  const { child, ask } = await startReference(owner, 'sharp', [folder], niceness);
  return {
    name: 'bare sharp',
    pid: child.pid as number,
    async prepare() {},
    run: (pictures, seconds) => ask<RunResult>({ pictures, seconds, concurrency: connections }),
    async render(picture) {
      const { base64 } = await ask<{ base64: string }>({ picture });
      return Buffer.from(base64, 'base64');
    },
  };
}
