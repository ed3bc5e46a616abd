import type { Operation, OperationContext } from './operation.ts';

const defaultLimit = 100;

export function createList({ store }: OperationContext): Operation<'list'> {
  return async ({ limit = defaultLimit, order = 'id', cursor }, _image, stages, signal) => {
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
