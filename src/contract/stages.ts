/**
 * Stages of a request in a worker. Where possible, sharp reads, transforms and writes in one streaming pass, the
 * `pipeline`. Where intermediate pixels have to be kept, `decode` reads the file and runs the first steps, `steps` runs
 * the others, and `encode` writes the result.
 */
export const workerStages = ['check', 'store', 'inspect', 'decode', 'steps', 'encode', 'pipeline'] as const;

export type WorkerStage = (typeof workerStages)[number];

/** Stages of a request in the gateway. `door`: parse, validate and reply; `lane`: everything the worker does. */
export const gatewayStages = ['door', 'receive', 'cache', 'queue', 'lane', 'transfer'] as const;

export type Stage = WorkerStage | (typeof gatewayStages)[number];
