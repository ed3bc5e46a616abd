import { RequestError } from '../../contract/errors.ts';
import { Stages } from '../stages.ts';
import { checkJob } from './check-job.ts';
import { createJob } from './job.ts';
import { levelOf } from './level.ts';
import { type LevelCache, type MadeImage, type Transformation, transform } from './transform.ts';

export interface VariantTransformation extends Transformation {
  /** Among the variants of the request. */
  index: number;
}

/**
 * Byte for byte as if alone.
 * @param atOnce as many run at a time, each on a CPU
 * @throws RequestError as `transform`, of the first that fails; `parameter` names the set
 */
export async function transformAll(
  all: readonly VariantTransformation[],
  maxPixels: number,
  { levels, atOnce = 1 }: { levels?: LevelCache | undefined; atOnce?: number } = {},
): Promise<MadeImage[]> {
  const shrinks = all.map(({ index, source, parameters, watermark }) => {
    const job = createJob(source, parameters, { maxPixels, watermark });
    namingSet(index, () => checkJob(job));
    return levelOf(job)?.shrink;
  });
  const withOthers = all.map(({ stored, ...one }, index) => {
    const others = shrinks.filter((shrink, other) => other !== index && shrink === shrinks[index]).length;
    return { ...one, stored: stored && { ...stored, others: stored.others + others } };
  });
  // Their timings count from now on.
  const stages = all.map(() => new Stages());
  return inTurn(withOthers, atOnce, (one, index) =>
    transform(one, maxPixels, { levels, stages: stages[index] as Stages }),
  );
}

/** @throws the error of the first that fails, once all that have begun are done */
async function inTurn<T, R>(
  all: readonly T[],
  atOnce: number,
  work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: Promise<R>[] = [];
  let hasFailed = false;
  const run = async () => {
    while (results.length < all.length && !hasFailed) {
      const index = results.length;
      const result = work(all[index] as T, index);
      results.push(result);
      await result.catch(() => {
        hasFailed = true;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return Promise.all(results);
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
