/**
 * The order in which sharp runs operations, regardless of call order (`src/pipeline.cc`). It actually flattens before
 * resize, with the same result.
 */
const sharpOrder = ['open', 'rotate', 'crop', 'resize', 'crop after resize', 'flatten', 'extend', 'composite'] as const;

export type Action = (typeof sharpOrder)[number];

/** Whether sharp runs `action` after the last one queued. An action queued twice would replace the first. */
export function runsAfter(action: Action, last: Action): boolean {
  return sharpOrder.indexOf(action) > sharpOrder.indexOf(last);
}
