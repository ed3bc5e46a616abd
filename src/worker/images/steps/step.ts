import type { ParameterName } from '../../../contract/parameters.ts';
import type { Canvas } from '../canvas.ts';
import type { Plan } from '../plan.ts';

export interface Step {
  parameters: readonly ParameterName[];
  /** @returns the same canvas if there is nothing to do */
  run(canvas: Canvas, plan: Plan): Canvas | Promise<Canvas>;
}
