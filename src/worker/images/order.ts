/** sharp's order, whatever that of the calls (`src/pipeline.cc`). It flattens before resize, with the same result. */
const order = ['open', 'turn', 'crop', 'resize', 'cut', 'flatten', 'extend', 'composite'] as const;

export type Action = (typeof order)[number];

/** Whether sharp runs `action` after all queued ones; repeated, it replaces the first. */
export function comesAfter(action: Action, last: Action): boolean {
  return order.indexOf(action) > order.indexOf(last);
}
