import { readFileSync } from 'node:fs';
import { codecs } from './images/sharp.ts';

// The same relative path from src and from dist.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Version of the pipeline and its codecs. The bytes of a result depend on it, the image and the parameters alone. */
export const pipelineVersion = `${version}+${codecs}`;
