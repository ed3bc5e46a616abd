import { defaultListLimit } from '../../contract/operations.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createList({ store }: OperationContext): Operation<'list'> {
  return async ({ limit = defaultListLimit, order = 'id', cursor }, _image, stages, signal) => {
    const page = await stages.run('store', () =>
      store.list({ limit, order, signal, ...(cursor === undefined ? {} : { cursor }) }),
    );
    return {
      fields: {
        images: page.images.map(({ imageId, size, createdAt }) => ({
          image_id: imageId,
          size,
          created_at: createdAt.toISOString(),
        })),
        ...(page.nextCursor === undefined ? {} : { next_cursor: page.nextCursor }),
      },
    };
  };
}
