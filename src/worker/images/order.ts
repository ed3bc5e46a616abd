/**
 * The fixed order of operations within one sharp pipeline, whatever the order of calls (its `src/pipeline.cc`).
 * An operation that has to run after a later one needs a new pipeline.
 * sharp flattens before it resizes; the result is the same.
 */
const order = ['open', 'turn', 'crop', 'resize', 'cut', 'flatten', 'extend', 'composite'] as const;

export type Action = (typeof order)[number];

/** Whether sharp runs `action` after all queued ones; repeated, it would replace the first. */
export function comesAfter(action: Action, last: Action): boolean {
  return order.indexOf(action) > order.indexOf(last);
}
