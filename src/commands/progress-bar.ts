import type { WriteStream } from 'node:tty';

export interface ProgressBar {
  /** Draws at most ten times a second. */
  update(fraction: number, text: string): void;
  /** Erases the bar, before other output. */
  clear(): void;
}

const redrawMs = 100;
const cells = 30;
const eraseLine = '\r\x1b[2K';

/** Creates a progress bar for a terminal; draws nothing on other outputs. */
export function createProgressBar(output: WriteStream): ProgressBar {
  let drawnAt = Number.NEGATIVE_INFINITY;
  if (!output.isTTY) return { update() {}, clear() {} };
  return {
    update(fraction, text) {
      if (performance.now() - drawnAt < redrawMs) return;
      drawnAt = performance.now();
      const bar = '█'.repeat(Math.round(fraction * cells)).padEnd(cells, '░');
      const line = `${bar} ${Math.floor(fraction * 100)} %  ${text}`;
      output.write(eraseLine + line.slice(0, (output.columns || 80) - 1));
    },
    clear() {
      drawnAt = Number.NEGATIVE_INFINITY;
      output.write(eraseLine);
    },
  };
}
