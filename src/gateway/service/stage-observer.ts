import type { OperationName } from '../../contract/operations.ts';
import type { Stage } from '../../contract/stages.ts';

/** Told how long each stage of the work for clients took, once where several share it. */
export type StageObserver = (operation: OperationName, stage: Stage, milliseconds: number) => void;
