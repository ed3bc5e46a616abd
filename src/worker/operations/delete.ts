import type { Operation, OperationContext } from './operation.ts';

export function createDelete({ store }: OperationContext): Operation<'delete'> {
  return async ({ image_id }, _image, stages) => {
    await stages.run('store', () => store.delete(image_id));
    return { fields: { image_id } };
  };
}
