import type { Operation, OperationContext } from './operation.ts';

export function createDelete({ store }: OperationContext): Operation<'delete'> {
  return async ({ image_id }) => {
    await store.delete(image_id);
    return { fields: { image_id } };
  };
}
