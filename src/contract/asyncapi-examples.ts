import type { OperationName, RequestOf } from './operations.ts';

/** A PNG of one red pixel. */
const image_data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const image_id = 'b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640';

/** Ordered to work one after another on an empty store. */
export const requestExamples: { [N in OperationName]: RequestOf<N> } = {
  ping: { operation: 'ping' },
  upload: { operation: 'upload', image_data, request_id: 'upload-1' },
  info: { operation: 'info', image_id },
  list: { operation: 'list', limit: 10 },
  retrieve: { operation: 'retrieve', image_id },
  resize: { operation: 'resize', image_id, width: 72, format: 'webp', transfer_encoding: 'binary', timeout_ms: 5000 },
  delete: { operation: 'delete', image_id },
};

export const variantsExample: RequestOf<'resize'> = {
  operation: 'resize',
  image_id,
  variants: [{ width: 72 }, { width: 36, format: 'webp' }],
  request_id: 'variants-1',
};
