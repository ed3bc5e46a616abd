import { readFileSync } from 'node:fs';
import { codecs } from './images/sharp.ts';

// Same depth in src and dist.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Of the pipeline and its codecs: with the image and its parameters, all that the bytes of a result depend on. */
export const pipelineVersion = `${version}+${codecs}`;
