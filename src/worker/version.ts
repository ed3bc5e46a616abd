import { version } from '../version.ts';
import { codecs } from './images/sharp.ts';

/** Version of the pipeline and its codecs. The bytes of a result depend on it, the image and the parameters alone. */
export const pipelineVersion = `${version}+${codecs}`;
