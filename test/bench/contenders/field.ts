import type { Owner } from '../../helpers/owner.ts';
import type { Contender } from './contender.ts';
import { startFastify } from './fastify.ts';
import { startImagor } from './imagor.ts';
import { startImgproxy } from './imgproxy.ts';
import { startImgwire } from './imgwire.ts';
import { startIpx } from './ipx.ts';
import { startSharp } from './sharp.ts';
import { startThumbor } from './thumbor.ts';

/** By name, ours first. */
const starts = {
  imgwire: (owner: Owner, folder: string) => startImgwire(owner, folder),
  'bare sharp': startSharp,
  'bare Fastify': startFastify,
  ipx: (owner: Owner, folder: string) => startIpx(owner, folder),
  imgproxy: startImgproxy,
  imagor: startImagor,
  thumbor: (owner: Owner, folder: string) => startThumbor(owner, folder),
};

export type Name = keyof typeof starts;

export const everybody: readonly Name[] = Object.keys(starts) as Name[];

/** Those whose defaults for JPEG are other work: progressive, which takes longer, and of thumbor one process alone. */
export async function startAsTheyCome(owner: Owner, folder: string): Promise<Contender[]> {
  const ipx = await startIpx(owner, folder, { asItComes: true });
  const thumbor = await startThumbor(owner, folder, { asItComes: true });
  return thumbor ? [ipx, thumbor] : [ipx];
}

/** Starts those that are there, in the order of their names: what is given as a binary or built may be missing. */
export async function startField(owner: Owner, folder: string, names = everybody): Promise<Contender[]> {
  const field: Contender[] = [];
  for (const name of names) {
    const contender = await starts[name](owner, folder);
    if (contender) field.push(contender);
  }
  return field;
}
