import { RequestError } from '../../contract/errors.ts';
import { Stages } from '../stages.ts';
import { checkJob } from './check-job.ts';
import { createJob } from './job.ts';
import { type MadeImage, type Transformation, transform } from './transform.ts';

export interface VariantTransformation extends Transformation {
  /** Among the variants of the request. */
  index: number;
}

/**
 * Byte for byte as if alone.
 * @throws RequestError as `transform`; `parameter` names the set
 */
export async function transformAll(all: readonly VariantTransformation[], maxPixels: number): Promise<MadeImage[]> {
  for (const { index, source, parameters, watermark } of all) {
    namingSet(index, () => checkJob(createJob(source, parameters, { maxPixels, watermark })));
  }
  const made: MadeImage[] = [];
  const stages = new Stages();
  // Sequentially: one CPU per request.
  for (const one of all) made.push(await transform(one, maxPixels, stages));
  return made;
}

function namingSet(index: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RequestError) || error.parameter === undefined) throw error;
    const parameter = `variants[${index}].${error.parameter}`;
    throw new RequestError(error.code, `${error.message} in variants[${index}]`, { parameter, cause: error });
  }
}
