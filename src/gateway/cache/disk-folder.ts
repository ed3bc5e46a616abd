import type { Ownership } from '../../owned-folder.ts';
import { isBranchName } from './disk-files.ts';

/** How the folder of the cache is told from one of others. */
export const cacheOwnership: Ownership = {
  isOurs: (name) => isBranchName(name) || /^((order|deletions|dropped)(\.tmp)?|levels)$/.test(name),
};
