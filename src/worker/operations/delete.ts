import type { Operation, OperationContext } from './operation.ts';

export function createDelete({ store, levels }: OperationContext): Operation<'delete'> {
  return async ({ image_id }, _image, stages, signal) => {
    try {
      await stages.run('store', () => store.delete(image_id, signal));
    } finally {
      // Of a deleted image too: a worker may have been killed in between.
      await levels.forget([image_id]);
    }
    return { fields: { image_id } };
  };
}
