import type { Frame } from './cpu-profile.ts';

const width = 1600;
const rowHeight = 16;
const minBoxWidth = 0.3;
const letterWidth = 6.2;

/** Renders an SVG: a box's width is its function's time, callers are below, and names and times show on hover. */
export function flameGraph(root: Frame, title: string): string {
  const boxes: string[] = [];
  let depth = 0;
  const draw = ({ name, self, total, children }: Frame, left: number, row: number) => {
    const boxWidth = (total / root.total) * width;
    if (boxWidth < minBoxWidth) return;
    depth = Math.max(depth, row);
    const text = name.slice(0, Math.floor(boxWidth / letterWidth));
    const label =
      boxWidth > 30 ? `<text x="${(left + 2).toFixed(1)}" y="-${row * rowHeight + 4}">${escaped(text)}</text>` : '';
    const tooltip = `${name}: ${total.toFixed(1)} ms, self ${self.toFixed(1)} ms`;
    boxes.push(
      `<g><title>${escaped(tooltip)}</title><rect x="${left.toFixed(1)}" y="-${(row + 1) * rowHeight}" width="${boxWidth.toFixed(1)}" height="${rowHeight - 1}" fill="hsl(${hue(name)} 70% 70%)"/>${label}</g>`,
    );
    let childLeft = left;
    for (const child of children) {
      draw(child, childLeft, row + 1);
      childLeft += (child.total / root.total) * width;
    }
  };
  draw(root, 0, 0);
  const height = (depth + 3) * rowHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${rowHeight - height} ${width} ${height}" font-family="monospace" font-size="10"><text x="4" y="${2 * rowHeight - height}">${escaped(title)}</text>${boxes.join('\n')}</svg>\n`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const hue = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 7);
