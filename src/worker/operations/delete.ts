import type { Operation, OperationContext } from './operation.ts';

export function createDelete({ store }: OperationContext): Operation<'delete'> {
  return async ({ image_id }, _image, stages, signal) => {
    await stages.run('store', () => store.delete(image_id, signal));
    return { fields: { image_id } };
  };
}
