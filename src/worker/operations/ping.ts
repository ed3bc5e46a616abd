import { pipelineVersion } from '../version.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createPing({ store, levels }: OperationContext): Operation<'ping'> {
  return async ({ deletions_after: after }, _image, stages, signal) => {
    await stages.run('store', () => store.ready(signal));
    const fields = { version: pipelineVersion };
    const { deletions } = store;
    if (after === undefined || deletions === undefined) return { fields };
    const { imageIds, cursor } = await stages.run('store', () => deletions(after, signal));
    await levels.invalidate(imageIds);
    return { fields: { ...fields, deleted: imageIds, deletions_cursor: cursor } };
  };
}
