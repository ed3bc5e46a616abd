import type { OperationName } from '../../contract/operations.ts';
import { createDelete } from './delete.ts';
import { createInfo } from './info.ts';
import { createList } from './list.ts';
import type { Operation, OperationContext } from './operation.ts';
import { createPing } from './ping.ts';
import { createResize } from './resize.ts';
import { createRetrieve } from './retrieve.ts';
import { createUpload } from './upload.ts';

export type Operations = { [N in OperationName]: Operation<N> };

export function createOperations(context: OperationContext): Operations {
  return {
    upload: createUpload(context),
    retrieve: createRetrieve(context),
    resize: createResize(context),
    info: createInfo(context),
    list: createList(context),
    delete: createDelete(context),
    ping: createPing(context),
  };
}
