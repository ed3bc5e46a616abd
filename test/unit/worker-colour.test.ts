import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseColour } from '../../src/worker/images/colour.ts';

const colours = {
  white: [255, 255, 255, 1],
  transparent: [0, 0, 0, 0],
  '#ff8800': [255, 136, 0, 1],
  '#f808': [255, 136, 0, 0.53],
  'rgb(255 136 0 / 50%)': [255, 136, 0, 0.5],
  'rgba(1, 2, 3, 0.25)': [1, 2, 3, 0.25],
  'hsl(120, 100%, 25%)': [0, 128, 0, 1],
  'hsla(240, 100%, 50%, 0.5)': [0, 0, 255, 0.5],
  'hsl(30, 50%, 70%)': [217, 179, 140, 1],
  'hwb(0, 0%, 0%)': [255, 0, 0, 1],
  'hwb(60, 20%, 40%)': [153, 153, 51, 1],
  'hwb(0, 100%, 100%)': [128, 128, 128, 1],
};

for (const [text, expected] of Object.entries(colours)) {
  test(`parses ${text}`, () => {
    const { r, g, b, alpha } = parseColour(text);
    assert.deepEqual([r, g, b, Number(alpha.toFixed(2))], expected);
  });
}
