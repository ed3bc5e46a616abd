/**
 * The order in which sharp does what one of its pipelines was asked for, however the calls were made: that of `src/pipeline.cc`.
 * What has to come earlier than something that was asked for before needs a pipeline of its own.
 * flatten stands where it does no harm: sharp does it before resizing, which comes to the same.
 */
const order = [
  'open',
  'turn',
  'trim',
  'crop',
  'resize',
  'cut',
  'flatten',
  'pad',
  'gray',
  'median',
  'threshold',
  'blur',
  'modulate',
  'sharpen',
  'composite',
  'gamma',
  'normalize',
  'tint',
  'negate',
] as const;

export type Action = (typeof order)[number];

/** Whether sharp does `action` after all that it was asked for already; the same again would take the place of the first. */
export function comesAfter(action: Action, last: Action): boolean {
  return order.indexOf(action) > order.indexOf(last);
}
