import { RequestError } from '../../contract/errors.ts';
import { Stages } from '../stages.ts';
import { checkPlan } from './check-plan.ts';
import { levelOf } from './level.ts';
import { createPlan } from './plan.ts';
import { type LevelCache, type Transformation, type TransformedImage, transform } from './transform.ts';

export interface VariantTransformation extends Transformation {
  /** Index among the request's variants. */
  index: number;
}

/**
 * Transforms several variants; each result is byte for byte that of `transform`.
 * @param concurrency variants computed at a time, each on a CPU
 * @throws RequestError as `transform`, for the first variant that fails; `parameter` names the parameter set
 */
export async function transformAll(
  all: readonly VariantTransformation[],
  maxPixels: number,
  { levels, concurrency = 1 }: { levels?: LevelCache | undefined; concurrency?: number } = {},
): Promise<TransformedImage[]> {
  const shrinks = all.map(({ index, source, parameters, watermark }) => {
    const plan = createPlan(source, parameters, { maxPixels, watermark });
    namingVariant(index, () => checkPlan(plan));
    return levelOf(plan)?.shrink;
  });
  const withOthers = all.map(({ stored, ...rest }, index) => {
    const others = shrinks.filter((shrink, other) => other !== index && shrink === shrinks[index]).length;
    return { ...rest, stored: stored && { ...stored, others: stored.others + others } };
  });
  // Created up front: all timings start at the same moment.
  const stages = all.map(() => new Stages());
  return mapConcurrently(withOthers, concurrency, (transformation, index) =>
    transform(transformation, maxPixels, { levels, stages: stages[index] as Stages }),
  );
}

/** @throws the error of the first item that fails, once all started ones have settled */
async function mapConcurrently<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: Promise<R>[] = [];
  let hasFailed = false;
  const run = async () => {
    while (results.length < items.length && !hasFailed) {
      const index = results.length;
      const result = work(items[index] as T, index);
      results.push(result);
      await result.catch(() => {
        hasFailed = true;
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  return Promise.all(results);
}

function namingVariant(index: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RequestError) || error.parameter === undefined) throw error;
    const parameter = `variants[${index}].${error.parameter}`;
    throw new RequestError(error.code, `${error.message} in variants[${index}]`, { parameter, cause: error });
  }
}
