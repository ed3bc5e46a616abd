import type { OperationName } from '../../contract/operations.ts';
import type { Stage } from '../../contract/stages.ts';

/** Called with the duration of each stage of client work; once for work that several requests share. */
export type StageObserver = (operation: OperationName, stage: Stage, milliseconds: number) => void;
