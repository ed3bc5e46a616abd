import type { Ownership } from '../../owned-folder.ts';
import { isShardName } from './disk-files.ts';

/** Recognizes a folder as ours by the names in it. */
export const cacheOwnership: Ownership = {
  isOurs: (name) => isShardName(name) || /^((order|deletions|dropped)(\.tmp)?|levels)$/.test(name),
};
