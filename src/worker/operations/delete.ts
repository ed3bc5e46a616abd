import type { Operation, OperationContext } from './operation.ts';

export function createDelete({ store, levels }: OperationContext): Operation<'delete'> {
  return async ({ image_id }, _image, stages, signal) => {
    try {
      await stages.run('store', () => store.delete(image_id, signal));
    } finally {
      // Even if the image is gone: a worker may have been killed before it removed the levels.
      await levels.invalidate([image_id]);
    }
    return { fields: { image_id } };
  };
}
