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
const starters = {
  imgwire: (owner: Owner, folder: string) => startImgwire(owner, folder),
  'bare sharp': startSharp,
  'bare Fastify': startFastify,
  ipx: (owner: Owner, folder: string) => startIpx(owner, folder),
  imgproxy: startImgproxy,
  imagor: startImagor,
  thumbor: (owner: Owner, folder: string) => startThumbor(owner, folder),
};

export type Name = keyof typeof starters;

export const allNames: readonly Name[] = Object.keys(starters) as Name[];

/**
 * Starts those whose defaults do other work: both write progressive JPEG, which takes longer; thumbor runs one process.
 */
export async function startWithDefaults(owner: Owner, folder: string): Promise<Contender[]> {
  const ipx = await startIpx(owner, folder, { usesDefaults: true });
  const thumbor = await startThumbor(owner, folder, { usesDefaults: true });
  return thumbor ? [ipx, thumbor] : [ipx];
}

/** Starts the named contenders that are installed, in order; peers that need a binary or a build may be missing. */
export async function startContenders(owner: Owner, folder: string, names = allNames): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const name of names) {
    const contender = await starters[name](owner, folder);
    if (contender) contenders.push(contender);
  }
  return contenders;
}
