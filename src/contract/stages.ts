/**
 * What a worker does for a request. sharp reads, transforms and writes in one streaming pass where it can: such a pass is
 * a `pipeline`. Where pixels have to be kept in between, `decode` reads the file and runs the first steps, `steps` the
 * others, and `encode` writes the result.
 */
export const workerStages = ['check', 'store', 'inspect', 'decode', 'steps', 'encode', 'pipeline'] as const;

export type WorkerStage = (typeof workerStages)[number];

/** What happens to a request in the gateway: `door` is reading, checking and answering; `lane` all that a worker does. */
export const gatewayStages = ['door', 'receive', 'cache', 'queue', 'lane', 'transfer'] as const;

export type Stage = WorkerStage | (typeof gatewayStages)[number];
