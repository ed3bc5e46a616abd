/** The part of `node --cpu-prof` output that is used here. Times are microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  endTime: number;
  startTime: number;
  samples: number[];
  timeDeltas: number[];
}

/** A function with its own time and that of its callees, merged over all calls from the same stack. */
export interface Frame {
  name: string;
  /** Milliseconds. */
  self: number;
  total: number;
  children: Frame[];
}

/** V8's pseudo-function for an idle thread, such as one that waits for events. */
const idle = '(idle)';

/** @param lastSeconds reads only this much, up to the end: before it, the service starts */
export function readProfile(
  { nodes, samples, timeDeltas, startTime, endTime }: CpuProfile,
  lastSeconds: number,
): Frame {
  const microseconds = new Map<number, number>();
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    if (at >= endTime - lastSeconds * 1e6) microseconds.set(id, (microseconds.get(id) ?? 0) + delta);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const frameOf = (id: number): Frame => {
    const { callFrame, children = [] } = byId.get(id) as CpuProfile['nodes'][number];
    const self = callFrame.functionName === idle ? 0 : (microseconds.get(id) ?? 0) / 1000;
    const frames = children.map(frameOf).filter(({ total }) => total > 0);
    return {
      name: nameOf(callFrame),
      self,
      total: frames.reduce((sum, { total }) => sum + total, self),
      children: frames,
    };
  };
  return frameOf(nodes[0]?.id ?? 0);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const place = url.replace(/^.*\/(node_modules|dist|src)\//, '').replace(/^node:/, '');
  return `${functionName || '(anonymous)'}${place ? ` ${place}:${lineNumber + 1}` : ''}`;
}

/** Own time of each function in milliseconds, largest first. */
export function selfTimes(root: Frame): [string, number][] {
  const times = new Map<string, number>();
  const add = ({ name, self, children }: Frame) => {
    times.set(name, (times.get(name) ?? 0) + self);
    children.forEach(add);
  };
  add(root);
  return [...times].sort(([, a], [, b]) => b - a);
}
